package dev.ringmaster.lb.http;

import static java.util.Map.entry;

import java.util.Map;

/**
 * What the readers refuse although Netty's decoders take it: by the text of the fault, what gives the right to. A refusal
 * for any other reason of what Netty takes is a disagreement that nobody meant. Whether a reason is given where it holds is
 * for the readers' own tests to say.
 */
final class Refusals {
    private static final String TOO_LARGE = "A server that receives a request header field line, field value, or set of"
            + " fields larger than it wishes to process MUST respond with an appropriate 4xx (Client Error) status code"
            + " (RFC 9110 5.4)";
    private static final String INVALID_LINE = "Recipients of an invalid request-line SHOULD respond with either a 400"
            + " (Bad Request) error or a 301 (Moved Permanently) redirect with the request-target properly encoded"
            + " (RFC 9112 3)";
    private static final String CHUNKED = "chunk = chunk-size [ chunk-ext ] CRLF chunk-data CRLF (RFC 9112 7.1), and"
            + " Recipients MUST anticipate potentially large hexadecimal numerals";
    private static final String HOST = "A server MUST respond with a 400 (Bad Request) status code to any HTTP/1.1"
            + " request message that lacks a Host header field and to any request message that contains more than one"
            + " Host header field line or a Host header field with an invalid field value (RFC 9112 3.2)";

    private static final Map<String, String> MEANT = Map.ofEntries(
            entry("Request line is not valid", INVALID_LINE),
            entry("Request target is not valid", INVALID_LINE),
            entry(
                    "Request line is too long",
                    "A server that receives a request-target longer than any URI it wishes to parse MUST respond with a"
                            + " 414 (URI Too Long) status code (RFC 9112 3)"),
            entry(
                    "HTTP version is not supported",
                    "the server does not support, or refuses to support, the major version of HTTP that was used in the"
                            + " request message (RFC 9110 15.6.6)"),
            entry(
                    "Status line is not valid",
                    "status-line = HTTP-version SP status-code SP [ reason-phrase ] (RFC 9112 4)"),
            entry(
                    "Header line is not valid",
                    "field-line = field-name \":\" OWS field-value OWS, ended by CRLF (RFC 9112 5); A server MUST reject,"
                            + " with a response status code of 400 (Bad Request), any received request message that"
                            + " contains whitespace between a header field name and colon (5.1); A server that receives an"
                            + " obs-fold in a request message that is not within a \"message/http\" container MUST either"
                            + " reject the message [...] or replace each received obs-fold (5.2); a lone LF, which a"
                            + " recipient MAY recognize as a line terminator (2.2), is none"),
            entry("Header is too large", TOO_LARGE),
            entry("Too many header fields", TOO_LARGE),
            entry("Connection has too many options", TOO_LARGE),
            entry(
                    "Connection names a field that may not be removed",
                    "A sender MUST NOT send a connection option corresponding to a field that is intended for all"
                            + " recipients of the content (RFC 9110 7.6.1)"),
            entry("Host is missing", HOST),
            entry("Host is not valid", HOST),
            entry(
                    "Host differs from the request target",
                    "If the target URI includes an authority component, then a client MUST send a field value for Host"
                            + " that is identical to that authority component (RFC 9112 3.2)"),
            entry(
                    "Expectation is not supported",
                    "A server that receives an Expect field value containing a member other than 100-continue MAY respond"
                            + " with a 417 (Expectation Failed) status code (RFC 9110 10.1.1)"),
            entry(
                    "Content-Length is not valid",
                    "If a message is received without Transfer-Encoding and with an invalid Content-Length header field,"
                            + " then the message framing is invalid and the recipient MUST treat it as an unrecoverable"
                            + " error (RFC 9112 6.3)"),
            entry(
                    "Content-Length is not allowed with Transfer-Encoding",
                    "A server MAY reject a request that contains both Content-Length and Transfer-Encoding (RFC 9112 6.1)"),
            entry(
                    "Transfer-Encoding is not allowed in HTTP/1.0",
                    "A server or client that receives an HTTP/1.0 message containing a Transfer-Encoding header field MUST"
                            + " treat the message as if the framing is faulty (RFC 9112 6.1)"),
            entry(
                    "Transfer-Encoding is not supported",
                    "A server that receives a request message with a transfer coding it does not understand SHOULD respond"
                            + " with 501 (Not Implemented) (RFC 9112 6.1)"),
            entry(
                    "Transfer-Encoding is not valid",
                    "If a Transfer-Encoding header field is present in a request and the chunked transfer coding is not the"
                            + " final encoding, the message body length cannot be determined reliably (RFC 9112 6.3)"),
            entry("Chunk size is not valid", CHUNKED),
            entry(
                    "Chunk line is too long",
                    "A server ought to limit the total length of chunk extensions received in a request (RFC 9112 7.1.1)"),
            entry(
                    "Request body is too large",
                    "the server is refusing to process a request because the request content is larger than the server is"
                            + " willing or able to process (RFC 9110 15.5.14)"),
            entry(
                    "Response is not complete",
                    "A message body that uses the chunked transfer coding is incomplete if the zero-sized chunk that"
                            + " terminates the encoding has not been received (RFC 9112 8)"),
            entry(
                    "Too many informational responses",
                    "A client MUST be able to parse one or more 1xx responses received prior to a final response (RFC 9110"
                            + " 15.2), which says nothing of more than eight"));

    private Refusals() {}

    static boolean meant(MalformedMessage fault) {
        return MEANT.containsKey(fault.text());
    }
}
