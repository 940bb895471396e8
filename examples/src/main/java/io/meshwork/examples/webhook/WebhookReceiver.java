package io.meshwork.examples.webhook;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The service of a consumer: it accepts what it can verify, and handles each notice once. */
final class WebhookReceiver implements AutoCloseable {
  private static final int ACCEPTED = 204;
  private static final int UNAUTHORIZED = 401;
  private static final int UNAVAILABLE = 503;

  private final String secret;
  private final HttpServer server;
  private final List<String> accepted = new ArrayList<>();
  private boolean isDown;

  /** Starts on a free port of this host. */
  WebhookReceiver(String secret) throws IOException {
    this.secret = secret;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/notices", this::receive);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/notices");
  }

  private synchronized void receive(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(isDown ? UNAVAILABLE : status(exchange), -1);
    exchange.close();
  }

  private int status(HttpExchange exchange) throws IOException {
    Headers headers = exchange.getRequestHeaders();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Optional<VerifiedMessage> message;
    try {
      message =
          VerifiedMessage.of(
              secret,
              headers.getFirst("webhook-id"),
              headers.getFirst("webhook-timestamp"),
              headers.getFirst("webhook-signature"),
              body,
              Instant.now());
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
    message.ifPresent(verified -> accepted.add(verified.id()));
    return message.isPresent() ? ACCEPTED : UNAUTHORIZED;
  }

  /** Answers that it is unavailable, or works again. */
  synchronized void setDown(boolean down) {
    isDown = down;
  }

  /** How many messages it accepted, repeated ones too. */
  synchronized int accepted() {
    return accepted.size();
  }

  /** The IDs of the messages that it accepted. */
  synchronized Set<String> ids() {
    return new LinkedHashSet<>(accepted);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
