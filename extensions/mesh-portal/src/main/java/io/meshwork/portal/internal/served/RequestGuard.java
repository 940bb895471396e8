package io.meshwork.portal.internal.served;

import com.sun.net.httpserver.Headers;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells requests of this machine, by those who know the token, from all others. A page on another
 * site cannot read ours: the host must be this machine, the first request must have the token, and
 * later ones its cookie, which browsers do not send from other sites.
 */
public final class RequestGuard {
  private static final String TOKEN = "token=";
  private static final int HTTP_PORT = 80;

  private final String token;
  private final String cookie;
  private final Set<String> hosts;

  public RequestGuard(String token, int port) {
    this.token = token;
    // Cookies belong to a host, not to a port: the name distinguishes servers on one machine.
    this.cookie = "mesh-portal-" + port + "=" + token;
    this.hosts = hosts(port);
  }

  /** Returns what browsers send as the host; they leave out the port of the scheme. */
  static Set<String> hosts(int port) {
    return port == HTTP_PORT
        ? Set.of("127.0.0.1:80", "localhost:80", "127.0.0.1", "localhost")
        : Set.of("127.0.0.1:" + port, "localhost:" + port);
  }

  /** True if the request names this machine, so that no other name was bound to its address. */
  boolean isHere(Headers headers) {
    String host = headers.getFirst("Host");
    return host != null && hosts.contains(host);
  }

  boolean isToken(@Nullable String query) {
    return query != null
        && query.startsWith(TOKEN)
        && PageSecrets.same(query.substring(TOKEN.length()), token);
  }

  boolean hasBearer(Headers headers) {
    String stated = headers.getFirst("Authorization");
    return stated != null && PageSecrets.same(stated, "Bearer " + token);
  }

  boolean hasCookie(Headers headers) {
    List<String> lines = headers.get("Cookie");
    return lines != null
        && lines.stream()
            .flatMap(line -> List.of(line.split(";", -1)).stream())
            .anyMatch(entry -> PageSecrets.same(entry.strip(), cookie));
  }

  /** Returns the header that gives a browser the cookie. */
  String newCookie() {
    return cookie + "; HttpOnly; SameSite=Strict; Path=/";
  }

  /**
   * True if a page of this server sent the request. Browsers state the origin of each form; one
   * that states none is refused.
   */
  boolean isFromOwnPage(Headers headers) {
    String origin = headers.getFirst("Origin");
    String site = headers.getFirst("Sec-Fetch-Site");
    return ("http://" + headers.getFirst("Host")).equals(origin)
        && (site == null || site.equals("same-origin"));
  }
}
