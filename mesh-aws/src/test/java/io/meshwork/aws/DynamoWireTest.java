package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.meshwork.aws.internal.dynamo.DynamoRegistry;
import io.meshwork.aws.internal.dynamo.DynamoTimeouts;
import io.meshwork.error.BackendException;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Transaction;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The requests of the real client, observed by a server in front of DynamoDB Local. */
@Timeout(60)
class DynamoWireTest {
  private static final Key CARD = new Key("commerce", "product/orders");
  private static final Transaction INSERT = Transaction.attempt("late").insert(CARD, "1").build();
  private static final DynamoTimeouts SHORT =
      new DynamoTimeouts(Duration.ofMillis(500), Duration.ofMillis(1_500));

  private final List<String> received = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch end = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private DynamoDbClient direct;
  private DynamoDbClient client;
  private String table;

  @BeforeEach
  void open() throws IOException {
    direct = LocalDynamo.client();
    table = LocalDynamo.newTable(direct);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    client = LocalDynamo.client(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
  }

  @AfterEach
  void close() {
    end.countDown();
    if (client != null) { // null if DynamoDB Local is missing
      client.close();
      direct.close();
      server.stop(0);
    }
    threads.shutdownNow();
  }

  @Test
  void theSdkRetriesReadsButNotCommits() {
    Registry registry = registry(exchange -> answer(exchange, 500, "{}"), DynamoTimeouts.STANDARD);

    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.UNKNOWN);
    assertThat(received).containsExactly("TransactWriteItems");

    received.clear();
    assertThatThrownBy(() -> registry.read(CARD)).isInstanceOf(BackendException.class);
    assertThat(received).hasSizeGreaterThan(1).containsOnly("GetItem");
  }

  @Test
  void withoutAResponseACommitIsUnknownAndAReadRetryable() {
    Registry registry = registry(exchange -> awaitEnd(), SHORT);

    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.UNKNOWN);
    assertThat(registry.resolve("commerce", "late")).isEqualTo(Outcome.UNKNOWN);
    assertThatThrownBy(() -> registry.read(CARD))
        .isInstanceOfSatisfying(
            BackendException.class, failure -> assertThat(failure.retryable()).isTrue())
        .hasMessageContainingAll(table, "no response arrived in time");
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void aLateResponseIsUnknownAndResolvesToCommitted() {
    Registry registry =
        registry(
            exchange -> {
              forward(exchange);
              awaitEnd();
            },
            SHORT);

    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.UNKNOWN);

    assertThat(DynamoRegistry.over(direct, table).resolve("commerce", "late"))
        .isEqualTo(Outcome.COMMITTED);
  }

  /** The JDK's HttpURLConnection resends a POST in this case, but not as the SDK uses it. */
  @ParameterizedTest(name = "over a connection that is kept alive: {0}")
  @ValueSource(booleans = {false, true})
  void aConnectionThatEndsWithoutAResponseIsUnknownAndTheCommitIsNotResent(boolean keptAlive) {
    Registry registry =
        registry(
            exchange -> {
              HttpResponse<String> response = forward(exchange);
              if (received.contains("TransactWriteItems")) {
                // As a load balancer that is removed: committed, but without a response.
                exchange.close();
              } else {
                answer(exchange, response.statusCode(), response.body());
              }
            },
            DynamoTimeouts.STANDARD);
    if (keptAlive) {
      assertThat(registry.read(CARD)).isEmpty();
      received.clear();
    }

    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.UNKNOWN);

    assertThat(received).containsExactly("TransactWriteItems");
    Registry other = DynamoRegistry.over(direct, table);
    assertThat(other.resolve("commerce", "late")).isEqualTo(Outcome.COMMITTED);
    assertThat(other.read(CARD)).contains(new Document(CARD, "1", "late"));
  }

  @Test
  void withoutAServerACommitIsUnknown() {
    Registry registry = registry(exchange -> answer(exchange, 500, "{}"), SHORT);
    server.stop(0);

    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.UNKNOWN);
    assertThat(received).isEmpty();
  }

  private Registry registry(HttpHandler handler, DynamoTimeouts timeouts) {
    server.createContext(
        "/",
        exchange -> {
          String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
          received.add(target.substring(target.indexOf('.') + 1));
          handler.handle(exchange);
        });
    server.start();
    return DynamoRegistry.over(client, table, timeouts);
  }

  private static HttpResponse<String> forward(HttpExchange exchange) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(LocalDynamo.endpoint())
            .POST(HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    for (String header : List.of("X-Amz-Target", "Content-Type", "Authorization", "X-Amz-Date")) {
      request.header(header, exchange.getRequestHeaders().getFirst(header));
    }
    try {
      return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    exchange.getRequestBody().readAllBytes();
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void awaitEnd() throws IOException {
    try {
      end.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
