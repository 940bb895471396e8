package io.meshwork.testkit.aws;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.AwsRequest;
import io.meshwork.testkit.aws.internal.access.AwsRequestBody;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The one endpoint of all services: recognizes the service by the credential scope, injects faults,
 * applies the rules that the servers lack, and forwards the rest. Thread-safe.
 */
final class AwsFront implements AutoCloseable {
  private static final int NO_CONTENT = 204;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool(AwsFront::newThread);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AwsFaults faults;
  private final AwsRules rules;

  private AwsFront(AwsFaults faults, AwsRules rules) throws IOException {
    this.faults = faults;
    this.rules = rules;
    // Else each reply waits for the acknowledgment of its headers.
    if (System.getProperty("sun.net.httpserver.nodelay") == null) {
      System.setProperty("sun.net.httpserver.nodelay", "true");
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
  }

  static AwsFront start(AwsFaults faults, AwsRules rules) throws IOException {
    AwsFront front = new AwsFront(faults, rules);
    front.server.start();
    return front;
  }

  URI endpoint() {
    InetSocketAddress address = server.getAddress();
    return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort());
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  /** An exchange that is closed before its headers are sent loses its connection. */
  private void handle(HttpExchange exchange) throws IOException {
    try (exchange;
        AwsRequestBody body = AwsRequestBody.read(exchange.getRequestBody())) {
      URI uri = exchange.getRequestURI();
      Map<String, String> query = AwsRequest.query(uri);
      AwsRequest.Scope scope = AwsRequest.scope(exchange.getRequestHeaders(), query);
      if (scope == null) {
        send(
            exchange,
            AwsReply.error("s3", 403, "AccessDenied", "The emulator rejects unsigned requests."));
        return;
      }
      AwsRequest request =
          new AwsRequest(
              exchange.getRequestMethod(),
              uri.getRawPath(),
              query,
              exchange.getRequestHeaders(),
              scope,
              body);
      reply(exchange, request);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void reply(HttpExchange exchange, AwsRequest request)
      throws IOException, InterruptedException {
    String service = request.scope().service();
    AwsFaults.Kind fault =
        faults.next(
            rules.caller(request).principalArn(),
            service,
            request.operation(),
            request.header(AwsRequest.OF_SERVICE) != null);
    switch (fault) {
      case NONE -> send(exchange, rules.reply(request, exchange.getRequestURI().getRawQuery()));
      case LOSE_REPLY, KILL_CALLER ->
          rules.reply(request, exchange.getRequestURI().getRawQuery()).body().close();
      case KILLED -> {}
      case HANG -> closed.await();
      case FAIL_ENTRY -> send(exchange, withoutFirstEntry(request));
      default -> send(exchange, AwsFaultReplies.of(fault, service));
    }
  }

  private AwsReply withoutFirstEntry(AwsRequest request) throws IOException, InterruptedException {
    PartialBatch batch = PartialBatch.of(request);
    return batch.hasOthers()
        ? batch.withFailure(rules.reply(batch.others(request), null))
        : batch.reply();
  }

  private static void send(HttpExchange exchange, AwsReply reply) throws IOException {
    try (InputStream body = reply.body()) {
      reply.headers().forEach(exchange.getResponseHeaders()::put);
      if (exchange.getRequestMethod().equals("HEAD")) {
        if (reply.length() >= 0) {
          exchange.getResponseHeaders().set("Content-Length", Long.toString(reply.length()));
        }
        exchange.sendResponseHeaders(reply.status(), -1);
        return;
      }
      boolean hasBody = reply.length() != 0 && reply.status() != NO_CONTENT;
      exchange.sendResponseHeaders(reply.status(), hasBody ? Math.max(0, reply.length()) : -1);
      if (hasBody) {
        try (OutputStream output = exchange.getResponseBody()) {
          body.transferTo(output);
        }
      }
    }
  }

  private static Thread newThread(Runnable work) {
    Thread thread = new Thread(work, "AWS emulator");
    thread.setDaemon(true);
    return thread;
  }
}
