package dev.ringmaster.lb.provider.docker;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.hash.Hashing;
import dev.ringmaster.lb.provider.ReplicaSpec;
import java.nio.charset.StandardCharsets;

/** Makes the engine's description of a container from the options: all that a caller chooses is name, slot and identity. */
final class Template {
    private static final JsonMapper JSON = new JsonMapper();

    private final DockerOptions options;
    private final String pool;

    Template(DockerOptions options, String pool) {
        this.options = options;
        this.pool = pool;
    }

    ObjectNode replica(ReplicaSpec spec) {
        ObjectNode body = JSON.createObjectNode();
        body.put("Image", options.image()).put("Hostname", spec.name());
        ArrayNode env = body.putArray("Env").add("SERVER_ID=" + spec.name());
        options.env().forEach(env::add);
        if (!options.command().isEmpty()) {
            options.command().forEach(body.putArray("Cmd")::add);
        }
        body.putObject("Labels")
                .put(Labels.POOL, pool)
                .put(Labels.OPERATION, spec.id().toString())
                .put(Labels.SLOT, String.valueOf(spec.slot()))
                .put(Labels.TEMPLATE, hash());
        ObjectNode host = body.putObject("HostConfig");
        host.put("NetworkMode", options.network());
        host.put("Memory", options.memory()).put("PidsLimit", options.pids());
        host.putObject("RestartPolicy").put("Name", "no");
        host.putArray("SecurityOpt").add("no-new-privileges");
        body.putObject("NetworkingConfig")
                .putObject("EndpointsConfig")
                .putObject(options.network())
                .putArray("Aliases")
                .add(spec.name());
        return body;
    }

    ObjectNode owner(String owner) {
        ObjectNode body = JSON.createObjectNode().put("Image", options.image());
        body.putObject("Labels").put(Labels.OWNED, pool).put(Labels.OWNER, owner);
        return body;
    }

    /** What tells containers apart that were made from other options. */
    private String hash() {
        return Hashing.farmHashFingerprint64()
                .hashString(options.toString(), StandardCharsets.UTF_8)
                .toString();
    }
}
