package io.meshwork.testkit;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLSocketFactory;

/**
 * A connection to a server, for one request after the other, each in the thread of its caller. Not
 * thread-safe.
 */
final class ServerConnection implements AutoCloseable {
  private static final int MOST_IN_MEMORY = 1 << 20;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  private final Socket socket;
  private final InputStream input;
  private final OutputStream output;
  private final String host;
  private boolean isReusable;
  private long idleSince;

  private ServerConnection(Socket socket, String host) throws IOException {
    this.socket = socket;
    this.host = host;
    socket.setTcpNoDelay(true);
    input = new BufferedInputStream(socket.getInputStream());
    output = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
  }

  static ServerConnection open(URI server) throws IOException {
    boolean secure = "https".equals(server.getScheme());
    int port = server.getPort() >= 0 ? server.getPort() : secure ? 443 : 80;
    Socket socket =
        secure
            ? SSLSocketFactory.getDefault().createSocket(server.getHost(), port)
            : new Socket(server.getHost(), port);
    return new ServerConnection(socket, server.getRawAuthority());
  }

  /**
   * Sends a request and returns the reply.
   *
   * @param target the path and the query
   * @param headers without those of the connection
   * @throws IOException if the server cannot be reached, or did not reply
   */
  AwsReply send(
      String method, String target, Map<String, List<String>> headers, AwsRequestBody body)
      throws IOException {
    isReusable = false;
    StringBuilder head = new StringBuilder(512);
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\nHost: ").append(host);
    headers.forEach(
        (name, values) ->
            values.forEach(value -> head.append("\r\n").append(name).append(": ").append(value)));
    head.append("\r\nContent-Length: ").append(body.length()).append("\r\n\r\n");
    output.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    try (InputStream content = body.open()) {
      content.transferTo(output);
    }
    output.flush();
    return reply(method.equals("HEAD"));
  }

  /** Returns true if the reply of the last request has ended, and the server accepts another. */
  boolean isReusable() {
    return isReusable;
  }

  /** Starts the time without requests. */
  void rest(long nanos) {
    idleSince = nanos;
  }

  /** Returns since when there was no request, in nanoseconds of this JVM. */
  long idleSince() {
    return idleSince;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private AwsReply reply(boolean ofHead) throws IOException {
    String line = line();
    while (line.startsWith("HTTP/1.1 100")) {
      headers();
      line = line();
    }
    String[] start = line.split(" ", 3);
    if (start.length < 2 || !start[0].startsWith("HTTP/1.")) {
      throw new IOException("The reply of " + host + " starts with '" + line + "'");
    }
    int status = Integer.parseInt(start[1]);
    Map<String, List<String>> headers = headers();
    boolean staysOpen = start[0].equals("HTTP/1.1") && !has(headers, "Connection", "close");
    long length = length(headers);
    if (ofHead || status == NO_CONTENT || status == NOT_MODIFIED) {
      isReusable = staysOpen;
      return new AwsReply(status, headers, length, InputStream.nullInputStream());
    }
    if (length >= 0 && length < MOST_IN_MEMORY) {
      byte[] bytes = input.readNBytes((int) length);
      if (bytes.length < length) {
        throw new EOFException("The reply of " + host + " ends early");
      }
      isReusable = staysOpen;
      return new AwsReply(status, headers, length, new ByteArrayInputStream(bytes));
    }
    InputStream body =
        has(headers, "Transfer-Encoding", "chunked")
            ? new AwsChunkedInput(input)
            : new LastBody(input, length);
    return new AwsReply(status, headers, length, body);
  }

  private Map<String, List<String>> headers() throws IOException {
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers
            .computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
            .add(line.substring(colon + 1).strip());
      }
    }
    return headers;
  }

  private static boolean has(Map<String, List<String>> headers, String name, String value) {
    return headers.getOrDefault(name, List.of()).stream().anyMatch(value::equalsIgnoreCase);
  }

  /** Returns the length of the body; -1 if it is not stated. */
  private static long length(Map<String, List<String>> headers) {
    List<String> lengths = headers.get("Content-Length");
    return lengths == null ? -1 : Long.parseLong(lengths.get(0));
  }

  /** Returns the next line without its end. */
  private String line() throws IOException {
    StringBuilder line = new StringBuilder(64);
    for (int next = input.read(); next != '\n'; next = input.read()) {
      if (next < 0) {
        throw new EOFException("The server " + host + " closed the connection without a reply");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  /** A body after which the connection is closed: of a known length, or to the end. */
  private static final class LastBody extends InputStream {
    private final InputStream input;
    private long left;

    /** Creates it; {@code length} is negative if the body has everything up to the end. */
    LastBody(InputStream input, long length) {
      this.input = input;
      left = length < 0 ? Long.MAX_VALUE : length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = left == 0 ? -1 : input.read(buffer, offset, (int) Math.min(left, length));
      left -= Math.max(0, read);
      return read;
    }

    @Override
    public void close() throws IOException {
      input.close();
    }
  }
}
