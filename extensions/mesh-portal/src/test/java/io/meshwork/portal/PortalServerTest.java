package io.meshwork.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.portal.internal.page.PageTemplates;
import io.meshwork.portal.internal.served.PageHandler;
import io.meshwork.portal.internal.served.RequestGuard;
import io.meshwork.product.Principal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server answers a browser of this machine that knows its token, and nothing else. */
class PortalServerTest {
  private Mesh mesh;
  private PortalServer server;
  private String cookie;

  @BeforeEach
  void start() throws IOException {
    mesh = SmallMesh.open();
    server = PortalServer.start(mesh.clientAs(SmallMesh.VISITOR), 0);
    Reply first =
        send("GET", server.address().getPath() + "?" + server.address().getQuery(), host());
    assertThat(first.status()).isEqualTo(303);
    cookie = "Cookie: " + first.header("Set-Cookie").replaceFirst(";.*", "");
  }

  @AfterEach
  void stop() {
    server.close();
    mesh.close();
  }

  @Test
  void theFirstRequestTurnsTheTokenIntoACookie() throws IOException {
    URI address = server.address();
    Reply reply = send("GET", "/usage.html?" + address.getQuery(), host());

    assertThat(reply.status()).isEqualTo(303);
    assertThat(reply.header("Location")).isEqualTo("/usage.html");
    assertThat(reply.header("Set-Cookie")).contains("HttpOnly", "SameSite=Strict");
    assertThat(address.getHost()).isEqualTo("127.0.0.1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/%2fattacker.example/index.html", "/other", "/product/%0d%0aa/b.html"})
  void theTokenLeadsToAPageOfThisServerOnly(String path) throws IOException {
    Reply reply = send("GET", path + "?" + server.address().getQuery(), host());

    assertThat(reply.status()).isEqualTo(303);
    assertThat(reply.header("Location")).isEqualTo("/");
  }

  @Test
  @SuppressWarnings("NullAway") // A page that fails for a reason that was not foreseen
  void theReasonOfAnUnexpectedErrorIsNotShown() throws IOException {
    HttpServer broken =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    int port = broken.getAddress().getPort();
    broken.createContext(
        "/",
        new PageHandler(null, new PageTemplates(), new RequestGuard("secret", port), null, null));
    broken.start();
    try {
      Reply reply =
          send(
              port,
              "GET",
              "/index.html",
              "Host: localhost:" + port,
              "Cookie: mesh-portal-" + port + "=secret");
      assertThat(reply.status()).isEqualTo(500);
      assertThat(reply.body()).contains("cannot make this page").doesNotContain("null");
    } finally {
      broken.stop(0);
    }
  }

  @Test
  void aPageAndItsDocumentAreServed() throws IOException {
    Reply page = send("GET", "/product/commerce/orders.html", host(), cookie);
    Reply document = send("GET", "/product/commerce/orders.json", host(), cookie);

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(page.body()).contains("data-question=\"promise\"");
    assertThat(document.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
    assertThat(document.body()).contains("\"product\" : \"commerce/orders\"");
  }

  @Test
  void headersKeepThePagesFromOtherSites() throws IOException {
    Reply reply = send("GET", "/", host(), cookie);

    assertThat(reply.header("Content-Security-Policy"))
        .contains("default-src 'none'", "frame-ancestors 'none'", "form-action 'none'");
    assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(reply.header("Referrer-Policy")).isEqualTo("same-origin");
    assertThat(reply.header("Cache-Control")).isEqualTo("private, no-cache");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Cookie: mesh-portal=1", "Cookie: other=1; mesh-portal-1=2"})
  void withoutTheTokenNothingIsShown(String header) throws IOException {
    Reply reply = header.isEmpty() ? send("GET", "/", host()) : send("GET", "/", host(), header);

    assertThat(reply.status()).isEqualTo(403);
    assertThat(reply.body()).doesNotContain("commerce");
  }

  @Test
  void aWrongTokenIsRejected() throws IOException {
    assertThat(send("GET", "/?token=0123456789abcdef0123456789abcdef", host()).status())
        .isEqualTo(403);
    assertThat(send("GET", "/?token=", host()).status()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"attacker.example", "127.0.0.1", "127.0.0.1.attacker.example:PORT", ""})
  void anotherHostIsRejectedEvenWithTheCookie(String host) throws IOException {
    String header = "Host: " + host.replace("PORT", "" + server.address().getPort());

    assertThat(send("GET", "/", header, cookie).status()).isIn(400, 421);
    assertThat(send("GET", "/?" + server.address().getQuery(), header).header("Set-Cookie"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
  void nothingCanBeWritten(String method) throws IOException {
    Reply reply = send(method, "/index.html", host(), cookie);

    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.header("Allow")).isEqualTo("GET, HEAD");
  }

  @Test
  void metricsAreForThoseWhoSendTheToken() throws IOException {
    String token = "0123456789abcdef0123456789abcdef";
    try (PortalServer other =
        PortalServer.of(mesh.clientAs(SmallMesh.VISITOR))
            .token(token)
            .metrics("text/plain; version=0.0.4", () -> "rows 17")
            .start()) {
      int port = other.address().getPort();
      String host = "Host: localhost:" + port;
      assertThat(other.address().getQuery()).isEqualTo("token=" + token);
      Reply collected = send(port, "GET", "/metrics", host, "Authorization: Bearer " + token);
      assertThat(collected.status()).isEqualTo(200);
      assertThat(collected.header("Content-Type")).isEqualTo("text/plain; version=0.0.4");
      assertThat(collected.body()).isEqualTo("rows 17\n");
      assertThat(send(port, "GET", "/metrics?token=" + token, host).status()).isEqualTo(200);
      for (String wrong : List.of("Authorization: Bearer x", "Authorization: " + token, "X: y")) {
        assertThat(send(port, "GET", "/metrics", host, wrong).status()).isEqualTo(403);
      }
      assertThat(send(port, "GET", "/metrics?token=" + token, "Host: attacker.example").status())
          .isEqualTo(421);
      assertThat(send(port, "GET", "/index.html", host, "Authorization: Bearer " + token).status())
          .as("only the metrics are for collectors")
          .isEqualTo(403);
    }
    assertThat(send("GET", "/metrics", host(), cookie).status()).as("not set").isEqualTo(404);
  }

  @Test
  void aTokenThatCanBeGuessedIsRefused() {
    assertThatThrownBy(() -> PortalServer.of(mesh.clientAs(SmallMesh.VISITOR)).token("secret"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("at least 32");
  }

  @Test
  void aHeadHasNoBody() throws IOException {
    Reply reply = send("HEAD", "/index.html", host(), cookie);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nope.html",
        "/product/commerce/nope.html",
        "/product/commerce/%2e%2e/orders.html",
        "/domain/../index.html"
      })
  void anUnknownPathIsNotFound(String path) throws IOException {
    assertThat(send("GET", path, host(), cookie).status()).isEqualTo(404);
  }

  /** JDK 17 passes such a path to the portal; the server of later JDKs rejects it. */
  @Test
  void aPathWithTheFormOfAHostIsNotFoundOrRejected() throws IOException {
    assertThat(send("GET", "//etc/passwd", host(), cookie).status()).isIn(404, 400);
  }

  @Test
  void thePagesAreThoseOfAWrittenSite(@TempDir Path folder) throws IOException {
    Portal.of(mesh.clientAs(SmallMesh.VISITOR)).writeTo(folder);
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String path = "/" + folder.relativize(file).toString().replace('\\', '/');
        assertThat(send("GET", path, host(), cookie).body().strip())
            .as(path)
            .isEqualTo(Files.readString(file).strip());
      }
    }
  }

  @Test
  void rightsAreAskedForEachPage() throws IOException {
    assertThat(send("GET", "/index.html", host(), cookie).body()).doesNotContain("commerce/later");

    MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
    SmallMesh.define(commerce, "commerce/later", "Later");

    assertThat(send("GET", "/index.html", host(), cookie).body()).contains("commerce/later");
  }

  private String host() {
    return "Host: 127.0.0.1:" + server.address().getPort();
  }

  private Reply send(String method, String path, String... headers) throws IOException {
    return send(server.address().getPort(), method, path, headers);
  }

  private static Reply send(int port, String method, String path, String... headers)
      throws IOException {
    try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
      String request =
          method
              + " "
              + path
              + " HTTP/1.1\r\n"
              + String.join("\r\n", headers)
              + "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      String line = in.readLine();
      int status = line == null ? 0 : Integer.parseInt(line.split(" ", -1)[1]);
      List<String> found = new ArrayList<>();
      for (line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        found.add(line);
      }
      StringBuilder body = new StringBuilder();
      for (line = in.readLine(); line != null; line = in.readLine()) {
        body.append(line).append('\n');
      }
      return new Reply(status, found, body.toString());
    }
  }

  private record Reply(int status, List<String> headers, String body) {
    String header(String name) {
      return headers.stream()
          .filter(
              line ->
                  line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ": "))
          .map(line -> line.substring(name.length() + 2))
          .findFirst()
          .orElse("");
    }
  }
}
