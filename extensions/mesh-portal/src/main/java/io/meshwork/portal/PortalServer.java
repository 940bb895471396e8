package io.meshwork.portal;

import com.sun.net.httpserver.HttpServer;
import io.meshwork.MeshClient;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.portal.internal.page.PageTemplates;
import io.meshwork.portal.internal.served.MetricsPage;
import io.meshwork.portal.internal.served.PageHandler;
import io.meshwork.portal.internal.served.PageSecrets;
import io.meshwork.portal.internal.served.PortalActions;
import io.meshwork.portal.internal.served.RequestGuard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Serves the portal of a mesh on 127.0.0.1: only programs of this machine reach it, and only those
 * that know the token of its address. Each page is created when it is asked for, so that it shows
 * the rights of that moment. It changes nothing unless {@link Setup#allowActions} is called.
 * Thread-safe. Close it to stop.
 */
public final class PortalServer implements AutoCloseable {
  private static final int THREADS = 2;
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{32,200}");

  private final HttpServer server;
  private final ExecutorService executor;
  private final URI address;

  private PortalServer(HttpServer server, ExecutorService executor, URI address) {
    this.server = server;
    this.executor = executor;
    this.address = address;
  }

  /**
   * Starts a server with a token that was not used before.
   *
   * @param client whose principal sees the pages
   * @param port from 1 to 65535; 0 for one that is free
   * @throws io.meshwork.error.BackendException if the port is in use
   */
  public static PortalServer start(MeshClient client, int port) {
    return of(client).port(port).start();
  }

  /**
   * Prepares a server.
   *
   * @param client whose principal sees the pages
   */
  public static Setup of(MeshClient client) {
    return new Setup(client);
  }

  /** How a server is started. Not thread-safe. */
  public static final class Setup {
    private final MeshClient client;
    private int port;
    private String token;
    private @Nullable MetricsPage metrics;
    private boolean actions;

    private Setup(MeshClient client) {
      this.client = client;
      this.token = PageSecrets.random();
    }

    /** Sets the port, from 1 to 65535. Default: 0 for one that is free. */
    public Setup port(int number) {
      this.port = number;
      return this;
    }

    /**
     * Sets the token of the address, for a program that must know it before. Default: a new one.
     *
     * @param text at least 32 letters, digits, dashes, and underscores; who knows it sees the
     *     pages, and with {@link #allowActions} acts as the client's principal
     * @throws io.meshwork.error.InvalidRequestException for another text
     */
    public Setup token(String text) {
      if (!TOKEN.matcher(text).matches()) {
        throw Failure.of(MeshAction.of(Verb.OPEN, "the portal"))
            .because("a token is at least 32 letters, digits, dashes, and underscores")
            .state("No server runs.")
            .fix("Generate one, such as with: openssl rand -hex 16")
            .invalidRequest(ErrorCode.INVALID_ARGUMENT);
      }
      this.token = text;
      return this;
    }

    /**
     * Answers {@code /metrics} with text, to programs that send the token: as the cookie of the
     * pages, as {@code Authorization: Bearer TOKEN}, or as {@code ?token=TOKEN}. Default: there is
     * no such page.
     *
     * @param type the content type
     * @param text is asked for each answer, by several threads
     */
    public Setup metrics(String type, Supplier<String> text) {
      this.metrics = new MetricsPage(type, text);
      return this;
    }

    /**
     * Puts forms into the pages, by which the client's principal decides requests for access and
     * answers rollouts. What they do is in the audit as that principal. Only forms of the server's
     * own pages count. Default: the pages only show.
     */
    public Setup allowActions() {
      this.actions = true;
      return this;
    }

    /**
     * Starts the server.
     *
     * @throws io.meshwork.error.BackendException if the port is in use
     */
    public PortalServer start() {
      try {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        HttpServer server = HttpServer.create(new InetSocketAddress(loopback, port), 0);
        int bound = server.getAddress().getPort();
        ExecutorService executor = Executors.newFixedThreadPool(THREADS, PortalServer::daemon);
        server.setExecutor(executor);
        server.createContext(
            "/",
            new PageHandler(
                client,
                new PageTemplates(),
                new RequestGuard(token, bound),
                metrics,
                actions ? new PortalActions(client) : null));
        server.start();
        return new PortalServer(
            server, executor, URI.create("http://127.0.0.1:" + bound + "/?token=" + token));
      } catch (IOException | IllegalArgumentException e) {
        throw Failure.of(MeshAction.of(Verb.OPEN, "port " + port + " of 127.0.0.1"))
            .because("another program may use it, or it is not a port")
            .state("No server runs.")
            .fix("Name another port, or 0 for one that is free.")
            .cause(e)
            .lasting(ErrorCode.BACKEND_FAILED);
      }
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "mesh-portal");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Returns the address to open in a browser. Its token gives access to the pages: show it only to
   * those who may see them.
   */
  public URI address() {
    return address;
  }

  /** Stops the server; a page that is being created is not finished. */
  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
