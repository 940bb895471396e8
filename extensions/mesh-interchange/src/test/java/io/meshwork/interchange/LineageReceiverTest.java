package io.meshwork.interchange;

import static io.meshwork.interchange.ExportedMesh.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.meshwork.error.BackendException;
import io.meshwork.error.InvalidRequestException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
import org.junit.jupiter.api.io.TempDir;

/** Lines of OpenLineage that are sent to a real HTTP server. */
class LineageReceiverTest {
  @TempDir Path folder;
  private final List<String> received = Collections.synchronizedList(new ArrayList<>());
  private final List<String> headers = Collections.synchronizedList(new ArrayList<>());
  private final List<Integer> answers = Collections.synchronizedList(new ArrayList<>());
  private final List<Duration> pauses = new ArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private ExportedMesh shop;
  private HttpServer server;

  @BeforeEach
  void open() throws IOException {
    shop = new ExportedMesh(folder.resolve("mesh"));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/api/v1/lineage", this::answer);
    server.createContext("/silent", exchange -> await(ended));
    server.start();
  }

  @AfterEach
  void close() {
    ended.countDown();
    server.stop(0);
    threads.shutdownNow();
    shop.close();
  }

  @Test
  void allLinesAreSentInOrderAndTheCursorFollowsEachBatch() {
    shop.publishOrders(order(1, 10));
    shop.publishOrders(order(2, 10));
    List<String> cursors = new ArrayList<>();

    String last = export().limit(2).post(url("/api/v1/lineage"), cursors::add);

    assertThat(received).isEqualTo(export().read().lines()).hasSize(4);
    assertThat(headers).containsOnly("application/json null");
    assertThat(cursors).hasSizeGreaterThan(1).last().isEqualTo(last);
    assertThat(export().after(last).read().events()).isZero();
  }

  @Test
  void aReceiverThatFailsForAWhileGetsTheLineAgain() {
    shop.publishOrders(order(1, 10));
    answers.addAll(List.of(503, 429, 500));

    export().post(url("/api/v1/lineage"), cursor -> {});

    List<String> lines = export().read().lines();
    assertThat(received)
        .containsExactly(lines.get(0), lines.get(0), lines.get(0), lines.get(0), lines.get(1));
    assertThat(pauses)
        .containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2));
  }

  @Test
  void aReceiverThatStaysBrokenStopsThePostAndNoCursorIsReported() {
    shop.publishOrders(order(1, 10));
    answers.addAll(Collections.nCopies(3, 503));
    List<String> cursors = new ArrayList<>();

    assertThatThrownBy(() -> export().attempts(3).post(url("/api/v1/lineage"), cursors::add))
        .isInstanceOfSatisfying(
            BackendException.class, failure -> assertThat(failure.retryable()).isTrue())
        .hasMessageContaining("503")
        .hasMessageContaining("attempt 3 of 3");
    assertThat(cursors).isEmpty();
    assertThat(pauses).hasSize(2);

    export().post(url("/api/v1/lineage"), cursors::add);
    assertThat(received).hasSize(5);
    assertThat(cursors).hasSize(1);
  }

  @Test
  void aLineThatIsRejectedIsNotSentAgain() {
    shop.publishOrders(order(1, 10));
    answers.add(422);

    assertThatThrownBy(() -> export().post(url("/api/v1/lineage"), cursor -> {}))
        .isInstanceOfSatisfying(
            BackendException.class, failure -> assertThat(failure.retryable()).isFalse())
        .hasMessageContaining("422");
    assertThat(received).hasSize(1);
  }

  @Test
  void aRedirectIsNotFollowed() {
    shop.publishOrders(order(1, 10));
    answers.add(307);

    assertThatThrownBy(() -> export().post(url("/api/v1/lineage"), cursor -> {}))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("307");
    assertThat(received).hasSize(1);
  }

  @Test
  void aReceiverThatNeverAnswersEndsInATimeout() {
    shop.publishOrders(order(1, 10));

    assertThatThrownBy(
            () ->
                export()
                    .attempts(2)
                    .timeout(Duration.ofMillis(200))
                    .post(url("/silent"), cursor -> {}))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("HttpTimeoutException");
    assertThat(pauses).hasSize(1);
  }

  @Test
  void theKeyIsSentAndNamedInNoMessage() {
    shop.publishOrders(order(1, 10));
    answers.add(403);

    assertThatThrownBy(
            () ->
                export()
                    .apiKey("top-secret")
                    .post(url("/api/v1/lineage?token=secret-too"), cursor -> {}))
        .hasMessageContaining("403")
        .hasMessageNotContaining("top-secret")
        .hasMessageNotContaining("secret-too");
    assertThat(headers).containsExactly("application/json Bearer top-secret");
  }

  @Test
  void aUrlThatIsNotHttpIsRefused() {
    assertThatThrownBy(() -> export().post(URI.create("file:///etc/hosts"), cursor -> {}))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> export().post(URI.create("localhost:5000"), cursor -> {}))
        .isInstanceOf(InvalidRequestException.class);
  }

  private OpenLineageExport export() {
    return shop.lineage("commerce").waiting(pauses::add);
  }

  private URI url(String path) {
    return URI.create(
        "http://"
            + server.getAddress().getHostString()
            + ":"
            + server.getAddress().getPort()
            + path);
  }

  private void answer(HttpExchange exchange) throws IOException {
    received.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    headers.add(
        exchange.getRequestHeaders().getFirst("Content-Type")
            + " "
            + exchange.getRequestHeaders().getFirst("Authorization"));
    int status = answers.isEmpty() ? 201 : answers.remove(0);
    if (status == 307) {
      exchange.getResponseHeaders().add("Location", "/api/v1/lineage");
    }
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
