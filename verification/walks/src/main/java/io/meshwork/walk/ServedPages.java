package io.meshwork.walk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The pages of a server, found by following their links. */
final class ServedPages {
  private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"#]+)");

  private ServedPages() {}

  /** Returns the status and text of each page, by its path. */
  static Map<String, String> of(URI start) {
    HttpClient client =
        HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    Map<String, String> pages = new TreeMap<>();
    Deque<URI> open = new ArrayDeque<>();
    open.add(start);
    while (!open.isEmpty()) {
      URI page = open.remove();
      if (pages.containsKey(page.getPath())) {
        continue;
      }
      HttpResponse<String> response = get(client, page);
      pages.put(
          page.getPath(),
          response.statusCode()
              + " "
              + AnswerText.normalized(response.body().replace(":" + start.getPort(), ":port")));
      Matcher links = LINK.matcher(response.body());
      while (links.find()) {
        URI linked = page.resolve(links.group(1).replace("&amp;", "&"));
        if (start.getAuthority().equals(linked.getAuthority())) {
          open.add(linked);
        }
      }
    }
    return pages;
  }

  private static HttpResponse<String> get(HttpClient client, URI page) {
    try {
      return client.send(
          HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
