package io.meshwork.portal.internal.served;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.meshwork.MeshClient;
import io.meshwork.error.MeshException;
import io.meshwork.portal.internal.page.PageForms;
import io.meshwork.portal.internal.page.PageTemplates;
import io.meshwork.portal.internal.site.SitePages;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the requests of a browser that {@link RequestGuard} lets pass. Thread-safe. */
public final class PageHandler implements HttpHandler {
  private static final Logger LOG = LoggerFactory.getLogger(PageHandler.class);
  private static final String METRICS = "metrics";
  private static final String JSON = "application/json; charset=utf-8";
  private static final String HTML = "text/html; charset=utf-8";
  private static final int MISDIRECTED = 421;
  private static final int LONGEST_FORM = 32_768;

  private final MeshClient client;
  private final PageTemplates templates;
  private final RequestGuard guard;
  private final @Nullable MetricsPage metrics;
  private final @Nullable PortalActions actions;

  public PageHandler(
      MeshClient client,
      PageTemplates templates,
      RequestGuard guard,
      @Nullable MetricsPage metrics,
      @Nullable PortalActions actions) {
    this.client = client;
    this.templates = templates;
    this.guard = guard;
    this.metrics = metrics;
    this.actions = actions;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      replyOrFailure(exchange).send(exchange, actions != null);
    }
  }

  /**
   * The text of an unexpected error is for the log: it can contain what the visitor may not see.
   */
  private PageReply replyOrFailure(HttpExchange exchange) throws IOException {
    try {
      return reply(exchange);
    } catch (RuntimeException e) {
      LOG.error("Cannot answer {}", exchange.getRequestURI().getPath(), e);
      return PageReply.text(
          HttpURLConnection.HTTP_INTERNAL_ERROR,
          "The portal cannot make this page. The log of the server says why.");
    }
  }

  private PageReply reply(HttpExchange exchange) throws IOException {
    Headers headers = exchange.getRequestHeaders();
    if (!guard.isHere(headers)) {
      return PageReply.text(MISDIRECTED, "This portal answers on this machine only.");
    }
    URI address = exchange.getRequestURI();
    String path = address.getPath().substring(1);
    String method = exchange.getRequestMethod();
    PortalActions forms = actions;
    if (forms != null && forms.has(path)) {
      return method.equals("POST")
          ? act(forms, path, exchange)
          : PageReply.text(HttpURLConnection.HTTP_BAD_METHOD, "Send a form of a page to it.")
              .with("Allow", "POST");
    }
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return PageReply.text(HttpURLConnection.HTTP_BAD_METHOD, "The pages are read-only.")
          .with("Allow", "GET, HEAD");
    }
    boolean hasToken = guard.isToken(address.getQuery());
    if (path.equals(METRICS) && metrics != null) {
      return hasToken || guard.hasCookie(headers) || guard.hasBearer(headers)
          ? metrics(metrics)
          : forbidden();
    }
    if (hasToken) {
      // Two slashes would be the address of another host.
      return PageReply.seeOther(SitePages.isAddress(path) ? "/" + path : "/")
          .with("Set-Cookie", guard.newCookie());
    }
    if (!guard.hasCookie(headers)) {
      return forbidden();
    }
    if (path.equals("favicon.ico")) {
      return PageReply.text(HttpURLConnection.HTTP_NO_CONTENT, "");
    }
    return page(
            path.isEmpty() ? "index.html" : path,
            forms == null ? PageForms.NONE : forms.forms(address.getQuery()))
        .unlessKnown(headers);
  }

  private static PageReply forbidden() {
    return PageReply.text(
        HttpURLConnection.HTTP_FORBIDDEN, "Open the address that the server printed.");
  }

  /** A form counts only if a page of this server sent it, with the token of the forms. */
  private PageReply act(PortalActions forms, String path, HttpExchange exchange)
      throws IOException {
    Headers headers = exchange.getRequestHeaders();
    if (!guard.hasCookie(headers)) {
      return forbidden();
    }
    String type = headers.getFirst("Content-Type");
    if (!guard.isFromOwnPage(headers) || type == null || !type.startsWith(SentForm.TYPE)) {
      return notOwnForm();
    }
    byte[] body = exchange.getRequestBody().readNBytes(LONGEST_FORM + 1);
    if (body.length > LONGEST_FORM) {
      return PageReply.text(
          HttpURLConnection.HTTP_ENTITY_TOO_LARGE,
          "The form is too long. Go back, shorten the reason, and send it again.");
    }
    try {
      SentForm form = SentForm.parse(new String(body, StandardCharsets.UTF_8));
      return forms.isOwn(form) ? PageReply.seeOther(forms.act(path, form)) : notOwnForm();
    } catch (IllegalArgumentException e) {
      return notOwnForm();
    }
  }

  private static PageReply notOwnForm() {
    return PageReply.text(
        HttpURLConnection.HTTP_FORBIDDEN,
        "Nothing was done: the form is not of a page that this server made. Open the address that"
            + " the server printed, and send the form from there.");
  }

  private static PageReply metrics(MetricsPage page) {
    try {
      return PageReply.of(
          HttpURLConnection.HTTP_OK,
          page.type(),
          page.text().get().getBytes(StandardCharsets.UTF_8));
    } catch (MeshException e) {
      LOG.warn("Cannot make the metrics", e);
      return PageReply.text(HttpURLConnection.HTTP_INTERNAL_ERROR, String.valueOf(e.getMessage()));
    }
  }

  private PageReply page(String path, PageForms forms) {
    boolean json = path.endsWith(".json");
    String page = SitePages.page(path);
    try {
      return SitePages.served(client, templates, forms)
          .find(page)
          .map(files -> page(json, files))
          .orElseGet(
              () ->
                  PageReply.text(HttpURLConnection.HTTP_NOT_FOUND, "The portal has no such page."));
    } catch (MeshException e) {
      LOG.warn("Cannot make the page {}", page, e);
      return PageReply.text(HttpURLConnection.HTTP_INTERNAL_ERROR, String.valueOf(e.getMessage()));
    }
  }

  /** The time at which a page was created does not make it another one. */
  private PageReply page(boolean json, SitePages.PageFiles files) {
    byte[] body = json ? files.json() : files.html();
    String text = new String(body, StandardCharsets.UTF_8);
    String content =
        json
            ? text.replaceFirst("\"at\" : \"[^\"]*\"", "")
            : text.substring(0, Math.max(0, text.lastIndexOf("<footer")));
    return PageReply.page(
        json ? JSON : HTML, body, PageReply.tag(client.principal().toString(), content));
  }
}
