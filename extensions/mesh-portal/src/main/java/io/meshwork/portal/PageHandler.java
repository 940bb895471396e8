package io.meshwork.portal;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.meshwork.MeshClient;
import io.meshwork.error.MeshException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests of a browser. A page on another site cannot read ours: the host must be this
 * machine, the first request must have the token, and later ones its cookie, which browsers do not
 * send from other sites.
 */
final class PageHandler implements HttpHandler {
  private static final Logger LOG = LoggerFactory.getLogger(PageHandler.class);
  private static final String TOKEN = "token=";
  private static final String METRICS = "metrics";
  private static final String JSON = "application/json; charset=utf-8";
  private static final String HTML = "text/html; charset=utf-8";
  private static final int MISDIRECTED = 421;
  private static final int HTTP_PORT = 80;

  private final MeshClient client;
  private final PageTemplates templates;
  private final String token;
  private final String cookie;
  private final Set<String> hosts;
  private final @Nullable MetricsPage metrics;

  PageHandler(
      MeshClient client,
      PageTemplates templates,
      String token,
      int port,
      @Nullable MetricsPage metrics) {
    this.metrics = metrics;
    this.client = client;
    this.templates = templates;
    this.token = token;
    // Cookies belong to a host, not to a port: the name tells apart servers on one machine.
    this.cookie = "mesh-portal-" + port + "=" + token;
    this.hosts = hosts(port);
  }

  /** Returns what browsers send as the host; they leave out the port of the scheme. */
  static Set<String> hosts(int port) {
    return port == HTTP_PORT
        ? Set.of("127.0.0.1:80", "localhost:80", "127.0.0.1", "localhost")
        : Set.of("127.0.0.1:" + port, "localhost:" + port);
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Reply reply = replyOrFailure(exchange);
      Headers headers = exchange.getResponseHeaders();
      headers.set("Content-Type", reply.type());
      headers.set("Content-Security-Policy", PageAssets.POLICY + "; frame-ancestors 'none'");
      headers.set("X-Content-Type-Options", "nosniff");
      headers.set("Referrer-Policy", "no-referrer");
      headers.set("Cache-Control", "no-store");
      headers.set("Cross-Origin-Resource-Policy", "same-origin");
      boolean empty = exchange.getRequestMethod().equals("HEAD") || reply.body().length == 0;
      exchange.sendResponseHeaders(reply.status(), empty ? -1 : reply.body().length);
      if (!empty) {
        try (OutputStream body = exchange.getResponseBody()) {
          body.write(reply.body());
        }
      }
    }
  }

  /**
   * The text of an unexpected error is for the log: it can contain what the visitor may not see.
   */
  private Reply replyOrFailure(HttpExchange exchange) {
    try {
      return reply(exchange);
    } catch (RuntimeException e) {
      LOG.error("Cannot answer {}", exchange.getRequestURI().getPath(), e);
      return Reply.text(
          HttpURLConnection.HTTP_INTERNAL_ERROR,
          "The portal cannot make this page. The log of the server says why.");
    }
  }

  private Reply reply(HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    String host = headers.getFirst("Host");
    if (host == null || !hosts.contains(host)) {
      return Reply.text(MISDIRECTED, "This portal answers on this machine only.");
    }
    if (!exchange.getRequestMethod().equals("GET") && !exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      return Reply.text(HttpURLConnection.HTTP_BAD_METHOD, "The portal is read-only.");
    }
    String path = exchange.getRequestURI().getPath().substring(1);
    boolean asks = isToken(exchange.getRequestURI().getQuery());
    if (path.equals(METRICS) && metrics != null) {
      return asks || hasCookie(headers.get("Cookie")) || hasBearer(headers)
          ? metrics(metrics)
          : forbidden();
    }
    if (asks) {
      exchange
          .getResponseHeaders()
          .set("Set-Cookie", cookie + "; HttpOnly; SameSite=Strict; Path=/");
      // Two slashes would be the address of another host.
      exchange.getResponseHeaders().set("Location", SitePages.isAddress(path) ? "/" + path : "/");
      return Reply.text(HttpURLConnection.HTTP_SEE_OTHER, "");
    }
    if (!hasCookie(headers.get("Cookie"))) {
      return forbidden();
    }
    if (path.equals("favicon.ico")) {
      return Reply.text(HttpURLConnection.HTTP_NO_CONTENT, "");
    }
    return page(path.isEmpty() ? "index.html" : path);
  }

  private static Reply forbidden() {
    return Reply.text(
        HttpURLConnection.HTTP_FORBIDDEN, "Open the address that the server printed.");
  }

  private static Reply metrics(MetricsPage page) {
    try {
      return new Reply(
          HttpURLConnection.HTTP_OK,
          page.type(),
          page.text().get().getBytes(StandardCharsets.UTF_8));
    } catch (MeshException e) {
      LOG.warn("Cannot make the metrics", e);
      return Reply.text(HttpURLConnection.HTTP_INTERNAL_ERROR, String.valueOf(e.getMessage()));
    }
  }

  private boolean hasBearer(Headers headers) {
    String stated = headers.getFirst("Authorization");
    return stated != null && same(stated, "Bearer " + token);
  }

  private Reply page(String path) {
    boolean json = path.endsWith(".json");
    String page = json ? path.replaceFirst("json$", "html") : path;
    try {
      Optional<SitePages.PageFiles> files = new SitePages(client, templates).find(page);
      return files
          .map(
              found ->
                  json
                      ? new Reply(HttpURLConnection.HTTP_OK, JSON, found.json())
                      : new Reply(HttpURLConnection.HTTP_OK, HTML, found.html()))
          .orElseGet(
              () -> Reply.text(HttpURLConnection.HTTP_NOT_FOUND, "The portal has no such page."));
    } catch (MeshException e) {
      LOG.warn("Cannot make the page {}", page, e);
      return Reply.text(HttpURLConnection.HTTP_INTERNAL_ERROR, String.valueOf(e.getMessage()));
    }
  }

  private boolean isToken(@Nullable String query) {
    return query != null && query.startsWith(TOKEN) && same(query.substring(TOKEN.length()), token);
  }

  private boolean hasCookie(@Nullable List<String> lines) {
    return lines != null
        && lines.stream()
            .flatMap(line -> List.of(line.split(";", -1)).stream())
            .anyMatch(entry -> same(entry.strip(), cookie));
  }

  /** Takes the same time for all texts of one length. */
  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A reply.
   *
   * @param status the status
   * @param type the type of the content
   * @param body the content
   */
  private record Reply(int status, String type, byte[] body) {
    static Reply text(int status, String text) {
      return new Reply(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
