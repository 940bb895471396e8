package io.meshwork.testkit;

import java.io.IOException;
import java.net.URI;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;

/**
 * The connections to one server, each for the next request of any thread. A request is sent once:
 * connections that had no request for seconds, and which the server may therefore close, are not
 * used again. Thread-safe.
 */
final class ServerConnections {
  private static final long LONGEST_REST = TimeUnit.SECONDS.toNanos(2);

  private final URI server;
  private final Deque<ServerConnection> resting = new ConcurrentLinkedDeque<>();

  ServerConnections(URI server) {
    this.server = server;
  }

  /** Sends a request as {@link ServerConnection#send}. */
  AwsReply send(
      String method, String target, Map<String, List<String>> headers, AwsRequestBody body)
      throws IOException {
    ServerConnection connection = connection();
    try {
      AwsReply reply = connection.send(method, target, headers, body);
      if (connection.isReusable()) {
        connection.rest(System.nanoTime());
        resting.push(connection);
      }
      return reply;
    } catch (IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private ServerConnection connection() throws IOException {
    ServerConnection last = resting.poll();
    while (last != null && System.nanoTime() - last.idleSince() > LONGEST_REST) {
      last.close();
      last = resting.poll();
    }
    return last == null ? ServerConnection.open(server) : last;
  }
}
