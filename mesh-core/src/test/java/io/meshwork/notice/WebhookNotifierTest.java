package io.meshwork.notice;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.meshwork.error.BackendException;
import io.meshwork.error.InvalidRequestException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookNotifierTest {
  /** The example of the specification of Standard Webhooks. */
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private static final String OTHER_SECRET =
      "whsec_" + Base64.getEncoder().encodeToString(new byte[64]);
  private static final Instant NOW = Instant.parse("2026-11-20T08:00:03Z");

  /** What the receiver got. */
  private record WebhookRequest(String id, String timestamp, String signature, String body) {}

  private final List<WebhookRequest> received = Collections.synchronizedList(new ArrayList<>());
  private HttpServer server;
  private int status = 200;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/notices", this::receive);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void receive(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    received.add(
        new WebhookRequest(
            exchange.getRequestHeaders().getFirst("webhook-id"),
            exchange.getRequestHeaders().getFirst("webhook-timestamp"),
            exchange.getRequestHeaders().getFirst("webhook-signature"),
            body));
    exchange.getResponseHeaders().set("Location", "/notices");
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private URI url() {
    return URI.create("http://localhost:" + server.getAddress().getPort() + "/notices?key=k1");
  }

  private Notifier webhook(String... secrets) {
    return WebhookNotifier.to(url(), List.of(secrets), InstantSource.fixed(NOW));
  }

  private static String signature(String secret, String signed) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return "v1,"
        + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void theReceiverVerifiesIdTimeAndBodyByTheSignature() throws Exception {
    webhook(SECRET).deliver(OutboxNotifierTest.notice(OutboxNotifierTest.ID));

    WebhookRequest message = received.get(0);
    assertThat(message.id()).isEqualTo("commerce/orders/17/published:finance:revenue");
    assertThat(message.timestamp()).isEqualTo(Long.toString(NOW.getEpochSecond()));
    assertThat(message.signature())
        .isEqualTo(
            signature(SECRET, message.id() + "." + message.timestamp() + "." + message.body()));
    JsonNode body = new ObjectMapper().readTree(message.body());
    assertThat(body.path("type").asText()).isEqualTo("notice.published");
    assertThat(body.path("timestamp").asText()).isEqualTo("2026-11-20T08:00:00Z");
    assertThat(body.path("data").path("id").asText()).isEqualTo(OutboxNotifierTest.ID);
    assertThat(body.path("data").has("text")).as("people may have written a part of it").isFalse();
  }

  @Test
  void whileASecretIsReplacedBothSign() throws Exception {
    webhook(SECRET, OTHER_SECRET).deliver(OutboxNotifierTest.notice(OutboxNotifierTest.ID));

    WebhookRequest message = received.get(0);
    String signed = message.id() + "." + message.timestamp() + "." + message.body();
    assertThat(message.signature().split(" "))
        .containsExactly(signature(SECRET, signed), signature(OTHER_SECRET, signed));
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 400, 404, 429, 500, 503})
  void anotherAnswerThanSuccessIsRetried(int answer) {
    status = answer;
    assertThatThrownBy(
            () -> webhook(SECRET).deliver(OutboxNotifierTest.notice(OutboxNotifierTest.ID)))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("it answered " + answer)
        .hasMessageContaining("localhost:" + server.getAddress().getPort())
        .hasMessageNotContainingAny("k1", SECRET)
        .matches(e -> ((BackendException) e).retryable());
    assertThat(received).hasSize(1);
  }

  @Test
  @Timeout(20)
  void anAnswerWhoseBodyNeverEndsIsAnAnswer() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread answering =
          new Thread(
              () -> {
                try (Socket socket = silent.accept()) {
                  socket
                      .getOutputStream()
                      .write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n".getBytes(US_ASCII));
                  socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      answering.start();
      URI never = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");

      WebhookNotifier.to(never, List.of(SECRET), InstantSource.fixed(NOW))
          .deliver(OutboxNotifierTest.notice(OutboxNotifierTest.ID));
    }
  }

  @Test
  void aReceiverThatIsGoneGetsNoMore() {
    status = 410;
    assertThatThrownBy(
            () -> webhook(SECRET).deliver(OutboxNotifierTest.notice(OutboxNotifierTest.ID)))
        .hasMessageContaining("wants no more notices")
        .matches(e -> !((BackendException) e).retryable());
  }

  @Test
  void aReceiverThatIsDownIsRetried() {
    Notifier webhook = webhook(SECRET);
    server.stop(0);
    assertThatThrownBy(() -> webhook.deliver(OutboxNotifierTest.notice(OutboxNotifierTest.ID)))
        .hasMessageContaining("it cannot be reached: ConnectException")
        .matches(e -> ((BackendException) e).retryable());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.org/notices",
        "ftp://example.org",
        "notices",
        "https:///x",
        "mailto:a@b.c",
        "https://user:word@example.org/"
      })
  void otherPlacesAreRefused(String url) {
    assertThatThrownBy(() -> Notifier.toWebhook(URI.create(url), SECRET))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("its URL");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "secret", "whsec_", "whsec_%%%", "whsec_c2hvcnQ="})
  void aWeakSecretIsRefusedWithoutShowingIt(String secret) {
    assertThatThrownBy(() -> Notifier.toWebhook(url(), secret))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("24 to 64 bytes")
        .hasMessageNotContaining("c2hvcnQ");
    assertThatThrownBy(() -> Notifier.toWebhook(url()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("there is no secret");
  }
}
