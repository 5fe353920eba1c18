package dev.ringmaster.lb.provider.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.provider.docker.FakeDocker.Container;
import dev.ringmaster.lb.provider.docker.FakeDocker.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What others do to containers, and how it is told. */
class EngineWatchTest extends FakeDockerTest {
    /** A little less than what a container is left for. */
    private static final Duration MOURNING = Duration.ofMillis(1900);

    private final ReplicaSpec spec = spec("S1");
    private DockerProvider provider;

    private Container started() throws Exception {
        provider = watching();
        provider.start(spec, DEADLINE);
        return container(spec);
    }

    private void assertNext(String what, String reason) throws InterruptedException {
        Told.News news = told.next();
        assertThat(news.what() + ": " + news.reason()).isEqualTo(what + ": " + reason);
        assertThat(news.id()).isEqualTo(spec.id());
    }

    private void assertExit(String reason, boolean killed) throws InterruptedException {
        Told.News news = told.next("exited");
        assertThat(news.reason()).isEqualTo(reason);
        assertThat(news.killed()).isEqualTo(killed);
    }

    @ParameterizedTest
    @CsvSource({"0, false", "3, false", "128, false", "134, false", "139, false", "137, true", "143, true"})
    void die_tellsTheExitCodeAndWhetherASignalDidIt(int code, boolean killed) throws Exception {
        Container container = started();
        docker.end(container, code);
        assertExit("ended with exit code " + code, killed);
        awaitGone("S1");
        docker.emit(container, "destroy", Map.of());
        assertThat(told.nothing()).isTrue();
    }

    @Test
    void die_ofItsOwnFault_isToldWithItsLastWords() throws Exception {
        Container container = started();
        container.output = "cannot\ngo on\n";
        docker.end(container, 3);
        assertNext("doubted", "ended with exit code 3");
        assertExit("ended with exit code 3, last output: cannot | go on", false);
    }

    @Test
    void die_forWantOfMemory_isItsOwnFault_whoeverTells() throws Exception {
        Container container = started();
        docker.emit(container, "oom", Map.of());
        assertNext("doubted", "ran out of memory");
        docker.end(container, 137);
        assertExit("ended with exit code 137, out of memory", false);
        ReplicaSpec second = spec("S2");
        provider.start(second, DEADLINE);
        Container untold = container(second);
        untold.outOfMemory = true;
        docker.end(untold, 137);
        assertExit("ended with exit code 137, out of memory", false);
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 9, 2, 3})
    void kill_byASignalThatEnds_isToldBeforeTheDeath(int signal) throws Exception {
        Container container = started();
        docker.emit(container, "kill", Map.of("signal", "" + signal));
        assertNext("ending", "was sent signal " + signal + " by others");
        docker.end(container, 143);
        Told.News exit = told.next("exited");
        assertThat(exit.reason()).isEqualTo("ended with exit code 143");
        assertThat(exit.killed()).isTrue();
        awaitGone("S1");
        assertThat(System.currentTimeMillis() - exit.atMillis())
                .as("how long it was there, for whoever stopped it")
                .isGreaterThanOrEqualTo(MOURNING.toMillis());
    }

    @Test
    void kill_byAnotherSignal_isToldOnlyIfTheImageStopsOnIt() throws Exception {
        Container container = started();
        container.stopSignal = "SIGWINCH";
        docker.emit(container, "kill", Map.of("signal", "1"));
        docker.emit(container, "kill", Map.of("signal", "28"));
        assertNext("ending", "was sent signal 28 by others");
        assertThat(told.nothing()).isTrue();
    }

    @Test
    void pause_unpauseAndBadHealth_areTold() throws Exception {
        Container container = started();
        docker.emit(container, "pause", Map.of());
        assertNext("suspended", "was paused");
        docker.emit(container, "unpause", Map.of());
        assertNext("doubted", "was unpaused");
        docker.emit(container, "health_status: healthy", Map.of());
        docker.emit(container, "health_status: unhealthy", Map.of());
        assertNext("doubted", "is unhealthy");
    }

    @Test
    void network_cutAndJoinedAgain_isDoubtedAtTheOldAddressAndLostAtANewOne() throws Exception {
        Container container = started();
        docker.emitNetwork(container, "other", "disconnect");
        docker.emitNetwork(container, FakeDocker.NETWORK, "disconnect");
        assertNext("suspended", "was disconnected from net1");
        docker.emitNetwork(container, FakeDocker.NETWORK, "connect");
        assertNext("doubted", "was connected to a network");
        container.address = "10.9.8.7";
        docker.emitNetwork(container, FakeDocker.NETWORK, "connect");
        assertExit("came to another address, 10.9.8.7", true);
        awaitGone("S1");
    }

    @Test
    void removal_byOthers_isAnExit() throws Exception {
        Container container = started();
        docker.remove(container);
        docker.emit(container, "destroy", Map.of());
        assertExit("was removed", true);
    }

    @Test
    void start_ofAContainerThatWasGivenUp_isUndone() throws Exception {
        Container container = started();
        docker.end(container, 137);
        assertExit("ended with exit code 137", true);
        awaitGone("S1");
        Container again = docker.add("S1", container.labels, "running");
        docker.emit(again, "start", container.labels);
        awaitGone("S1");
    }

    /** The next owner's containers are none of this one's business, and the dead ones are that one's to clear away. */
    @Test
    void containers_onceThePoolIsReleased_areLeftToTheNextOwner() throws Exception {
        Container container = started();
        provider.release();
        Container nextOnes = docker.add("next", labels(spec("next")), "running");
        docker.emit(nextOnes, "start", nextOnes.labels);
        docker.end(container, 137);
        assertExit("ended with exit code 137", true);
        Thread.sleep(500);
        assertThat(docker.find("next")).isNotNull();
        assertThat(docker.find("S1")).isNotNull();
        provider.check();
        awaitGone("S1");
        awaitGone("next");
    }

    @Test
    void events_ofAStopOfOurOwn_areNoNews() throws Exception {
        Container container = started();
        provider.stop(spec.id(), Duration.ofSeconds(1));
        docker.emit(container, "kill", Map.of("signal", "15"));
        docker.emit(container, "die", Map.of("exitCode", "0"));
        docker.emit(container, "destroy", Map.of());
        ReplicaSpec next = spec("S2");
        provider.start(next, DEADLINE);
        docker.end(container(next), 137);
        assertThat(told.next().id()).as("the first that is told").isEqualTo(next.id());
    }

    @Test
    void engine_thatGoesAndComesBack_isNoticedAndWhatHappenedMeanwhileIsTold() throws Exception {
        Container container = started();
        ReplicaSpec second = spec("S2");
        provider.start(second, DEADLINE);
        Container removed = container(second);
        ReplicaSpec third = spec("S3");
        provider.start(third, DEADLINE);
        docker.shut();
        await().until(() -> !provider.available());
        container.state = "exited";
        container.exitCode = 137;
        docker.remove(removed);
        docker.open();
        await().until(provider::available);
        assertThat(List.of(told.next("exited").reason(), told.next("exited").reason()))
                .containsExactlyInAnyOrder("ended with exit code 137", "was removed");
        assertThat(container(third).state).isEqualTo("running");
        assertThat(told.nothing()).isTrue();
    }

    @Test
    void events_thatBreakOff_areOpenedAgain() throws Exception {
        Container container = started();
        docker.cutStreams();
        await().until(() -> docker.streams() == 1 && provider.available());
        docker.emit(container, "pause", Map.of());
        assertNext("suspended", "was paused");
    }

    /** The engine was asked for all containers before there was one, and answers when it runs. */
    @Test
    void replica_startedWhileTheWatchCatchesUp_isNotTakenForDead() throws Exception {
        provider = watching();
        docker.faults(request -> {
            if (!request.path().equals("/containers/json")) {
                return Optional.empty();
            }
            docker.noFault();
            try {
                provider.start(spec, DEADLINE);
            } catch (ProviderException failed) {
                throw new IllegalStateException(failed);
            }
            return Optional.of(new Fault.Bytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"));
        });
        docker.cutStreams();
        await().until(() -> docker.find("S1") != null && docker.streams() == 1 && provider.available());
        docker.emit(container(spec), "pause", Map.of());
        assertNext("suspended", "was paused");
        assertThat(container(spec).state).isEqualTo("running");
    }

    @Test
    void engine_thatAnswersNothingButErrors_isAwayUntilItWorks() throws Exception {
        started();
        docker.fault("", new Fault.Status(500, "out of order"));
        await().until(() -> !provider.available());
        docker.noFault();
        await().until(provider::available);
        assertThat(told.nothing()).isTrue();
    }
}
