package dev.ringmaster.lb.telemetry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.google.common.io.CharStreams;
import com.google.common.net.InetAddresses;
import dev.ringmaster.lb.telemetry.TelemetryOptions.AccessLogFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Records as lines of an access log: one line a record, ASCII only, whatever clients send.
 *
 * <p>Common and combined are the formats of the Apache httpd documentation; JSON adds who served the request and how.
 */
final class AccessLines {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final JsonFactory JSON = JsonFactory.builder()
            .configure(JsonWriteFeature.ESCAPE_NON_ASCII, true)
            .build();

    private AccessLines() {}

    /** Appends the record's line with its line feed. */
    static void append(StringBuilder lines, AccessRecord entry, AccessLogFormat format) {
        switch (format) {
            case NONE -> {}
            case COMMON -> {
                common(lines, entry);
                lines.append('\n');
            }
            case COMBINED -> {
                common(lines, entry);
                quoted(lines.append(' '), entry.referer());
                quoted(lines.append(' '), entry.userAgent());
                lines.append('\n');
            }
            case JSON -> {
                json(lines, entry);
                lines.append('\n');
            }
        }
    }

    private static void common(StringBuilder lines, AccessRecord entry) {
        lines.append(InetAddresses.toAddrString(entry.client())).append(" - - [");
        TIME.formatTo(entry.time(), lines);
        lines.append("] \"");
        if (entry.method() == null || entry.target() == null) {
            lines.append('-');
        } else {
            escaped(lines, entry.method());
            escaped(lines.append(' '), entry.target());
            lines.append(" HTTP/1.").append(entry.minorVersion());
        }
        lines.append("\" ").append(entry.status()).append(' ').append(entry.bytesSent());
    }

    private static void quoted(StringBuilder lines, @Nullable String text) {
        lines.append('"');
        escaped(lines, text == null ? "-" : text);
        lines.append('"');
    }

    /** Quotes, backslashes and everything that is not printable ASCII, so that no client can write a line of its own. */
    private static void escaped(StringBuilder lines, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                lines.append('\\').append(c);
            } else if (c >= ' ' && c <= '~') {
                lines.append(c);
            } else {
                lines.append(String.format(Locale.ROOT, c < 0x100 ? "\\x%02x" : "\\u%04x", (int) c));
            }
        }
    }

    private static void json(StringBuilder lines, AccessRecord entry) {
        try (JsonGenerator json = JSON.createGenerator(CharStreams.asWriter(lines))) {
            json.writeStartObject();
            json.writeStringField("time", DateTimeFormatter.ISO_INSTANT.format(entry.time()));
            json.writeStringField("client", InetAddresses.toAddrString(entry.client()));
            json.writeStringField("method", entry.method());
            json.writeStringField("target", entry.target());
            json.writeStringField("protocol", "HTTP/1." + entry.minorVersion());
            json.writeNumberField("status", entry.status());
            json.writeNumberField("bytes", entry.bytesSent());
            json.writeNumberField("duration_us", TimeUnit.NANOSECONDS.toMicros(entry.durationNanos()));
            json.writeStringField("replica", entry.replica());
            json.writeNumberField("slot", entry.slot());
            json.writeNumberField("attempts", entry.attempts());
            json.writeStringField("referer", entry.referer());
            json.writeStringField("user_agent", entry.userAgent());
            json.writeStringField("request_id", entry.requestId());
            json.writeStringField("host", entry.host());
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
