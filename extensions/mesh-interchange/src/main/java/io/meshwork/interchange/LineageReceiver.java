package io.meshwork.interchange;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How lines are sent to a receiver over HTTP. Immutable. */
final class LineageReceiver {
  static final LineageReceiver STANDARD =
      new LineageReceiver(Duration.ofSeconds(10), 5, Optional.empty(), LineageReceiver::sleep);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** Answers below 500 after which the same request can succeed. */
  private static final Set<Integer> TEMPORARY = Set.of(408, 425, 429);

  private final Duration timeout;
  private final int attempts;
  private final Optional<String> apiKey;
  private final Consumer<Duration> pause;

  private LineageReceiver(
      Duration timeout, int attempts, Optional<String> apiKey, Consumer<Duration> pause) {
    this.timeout = timeout;
    this.attempts = attempts;
    this.apiKey = apiKey;
    this.pause = pause;
  }

  LineageReceiver timeout(Duration duration) {
    return new LineageReceiver(duration, attempts, apiKey, pause);
  }

  LineageReceiver attempts(int times) {
    return new LineageReceiver(timeout, times, apiKey, pause);
  }

  LineageReceiver apiKey(String key) {
    return new LineageReceiver(timeout, attempts, Optional.of(key), pause);
  }

  LineageReceiver waiting(Consumer<Duration> other) {
    return new LineageReceiver(timeout, attempts, apiKey, other);
  }

  /** Returns true if a string is a URI with a scheme. */
  static boolean isAbsolute(@Nullable String text) {
    try {
      return text != null && URI.create(text).isAbsolute();
    } catch (IllegalArgumentException notUri) {
      return false;
    }
  }

  /**
   * Opens a connection.
   *
   * @throws io.meshwork.error.InvalidRequestException if the URL is not http or https
   */
  Connection open(URI url) {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    if (!Set.of("http", "https").contains(scheme) || url.getHost() == null) {
      throw Failure.of(MeshAction.of(Verb.WRITE, "OpenLineage to a receiver"))
          .because("its URL is not one of http or https with a host")
          .fix("Use one such as http://localhost:5000/api/v1/lineage.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    return new Connection(url);
  }

  private static void sleep(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends lines to one URL. For one thread. */
  final class Connection implements AutoCloseable {
    private final URI url;
    // HTTP 1.1, because receivers without TLS rarely speak 2 and some reject the upgrade.
    private final HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    private Connection(URI url) {
      this.url = url;
    }

    /**
     * Sends a line, again if that can help.
     *
     * @throws BackendException if the receiver does not accept it
     */
    void send(String line) {
      Duration next = FIRST_PAUSE;
      for (int attempt = 1; ; attempt++) {
        String reason;
        @Nullable IOException cause = null;
        try {
          HttpResponse<InputStream> answer = http.send(request(line), BodyHandlers.ofInputStream());
          int status = answer.statusCode();
          answer.body().close(); // the time limit ends with the headers, and a body may never end
          if (status >= 200 && status < 300) {
            return;
          }
          reason = "it answered " + status;
          if (status < 500 && !TEMPORARY.contains(status)) {
            throw failure(reason)
                .fix("Check the URL, the key, and what the receiver logs.")
                .lasting(ErrorCode.BACKEND_FAILED);
          }
        } catch (IOException e) {
          reason = "it cannot be reached: " + e.getClass().getSimpleName();
          cause = e;
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw failure("the thread was interrupted").cause(e).passing(ErrorCode.INTERRUPTED);
        }
        if (attempt == attempts || Thread.currentThread().isInterrupted()) {
          throw failure(reason + ", in attempt " + attempt + " of " + attempts)
              .fix("Continue with the last cursor when the receiver works again.")
              .cause(cause)
              .passing(ErrorCode.BACKEND_FAILED);
        }
        pause.accept(next);
        next =
            next.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                ? next.multipliedBy(2)
                : LONGEST_PAUSE;
      }
    }

    private HttpRequest request(String line) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(url)
              .timeout(timeout)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(line));
      apiKey.ifPresent(key -> request.header("Authorization", "Bearer " + key));
      return request.build();
    }

    /** Names the receiver without what can be secret in its URL. */
    private Failure failure(String reason) {
      String port = url.getPort() < 0 ? "" : ":" + url.getPort();
      return Failure.of(
              MeshAction.of(Verb.WRITE, "OpenLineage to the receiver at " + url.getHost() + port))
          .because(reason)
          .state("Lines after the last cursor may have been received.");
    }

    @Override
    public void close() {
      // The client of Java 17 ends its thread when it is no longer reachable.
    }
  }
}
