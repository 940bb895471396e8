package io.meshwork.portal;

import com.sun.net.httpserver.HttpServer;
import io.meshwork.MeshClient;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Serves the portal of a mesh, read-only, on 127.0.0.1: only programs of this machine reach it, and
 * only those that know the token of its address. Each page is made when it is asked for, so that it
 * shows the rights of that moment. Thread-safe. Close it to stop.
 */
public final class PortalServer implements AutoCloseable {
  private static final int THREADS = 2;
  private static final int TOKEN_BYTES = 16;

  private final HttpServer server;
  private final ExecutorService executor;
  private final URI address;

  private PortalServer(HttpServer server, ExecutorService executor, URI address) {
    this.server = server;
    this.executor = executor;
    this.address = address;
  }

  /**
   * Starts a server.
   *
   * @param client whose principal sees the pages
   * @param port from 1 to 65535; 0 for one that is free
   * @throws io.meshwork.error.BackendException if the port is in use
   */
  public static PortalServer start(MeshClient client, int port) {
    try {
      InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
      HttpServer server = HttpServer.create(new InetSocketAddress(loopback, port), 0);
      byte[] random = new byte[TOKEN_BYTES];
      new SecureRandom().nextBytes(random);
      String token = HexFormat.of().formatHex(random);
      int bound = server.getAddress().getPort();
      ExecutorService executor = Executors.newFixedThreadPool(THREADS, PortalServer::daemon);
      server.setExecutor(executor);
      server.createContext("/", new PageHandler(client, new PageTemplates(), token, bound));
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

  /** Stops the server; a page that is being made is not finished. */
  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
