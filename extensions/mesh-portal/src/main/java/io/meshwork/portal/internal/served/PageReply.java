package io.meshwork.portal.internal.served;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.meshwork.portal.internal.page.PageAssets;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * A reply.
 *
 * @param status the status
 * @param type the type of the content
 * @param body the content
 * @param headers other headers, as names and values
 */
record PageReply(int status, String type, byte[] body, List<String> headers) {
  private static final int NOT_MODIFIED = 304;
  private static final int SEE_OTHER = 303;

  static PageReply of(int status, String type, byte[] body) {
    return new PageReply(status, type, body, List.of("Cache-Control", "no-store"));
  }

  static PageReply text(int status, String text) {
    return of(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns a reply that sends the browser to a page of this server. */
  static PageReply seeOther(String path) {
    return text(SEE_OTHER, "").with("Location", path);
  }

  /**
   * Returns a page that the browser may store, and asks for again at each use.
   *
   * @param tag identifies what the page says
   */
  static PageReply page(String type, byte[] body, String tag) {
    return new PageReply(
        200, type, body, List.of("Cache-Control", "private, no-cache", "ETag", tag));
  }

  PageReply with(String name, String value) {
    return new PageReply(
        status, type, body, Stream.concat(headers.stream(), Stream.of(name, value)).toList());
  }

  /** Returns a weak tag, which is the same for the same parts. */
  static String tag(String... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part : parts) {
        digest.update((part.length() + ":" + part).getBytes(StandardCharsets.UTF_8));
      }
      return "W/\"" + HexFormat.of().formatHex(digest.digest()) + "\"";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns this, or that nothing changed if the browser has it already. */
  PageReply unlessKnown(Headers request) {
    int tag = headers.indexOf("ETag");
    List<String> lines = request.get("If-None-Match");
    boolean isCurrent =
        tag >= 0
            && lines != null
            && lines.stream()
                .flatMap(line -> Stream.of(line.split(",", -1)))
                .anyMatch(each -> each.strip().equals(headers.get(tag + 1)));
    return isCurrent ? new PageReply(NOT_MODIFIED, type, new byte[0], headers) : this;
  }

  void send(HttpExchange exchange, boolean forms) throws IOException {
    Headers all = exchange.getResponseHeaders();
    for (int i = 0; i < headers.size(); i += 2) {
      all.set(headers.get(i), headers.get(i + 1));
    }
    all.set("Content-Type", type);
    all.set("Content-Security-Policy", PageAssets.policy(forms) + "; frame-ancestors 'none'");
    all.set("X-Content-Type-Options", "nosniff");
    all.set("Referrer-Policy", "same-origin");
    all.set("Cross-Origin-Resource-Policy", "same-origin");
    boolean empty = exchange.getRequestMethod().equals("HEAD") || body.length == 0;
    exchange.sendResponseHeaders(status, empty ? -1 : body.length);
    if (!empty) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }
}
