package io.meshwork.aws.operations;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The Runtime API of AWS Lambda, from which a process gets one event, and to which it sends what
 * came of it. The process is the runtime of AWS for Java, with the class path of this test.
 */
final class LambdaRuntime implements AutoCloseable {
  private static final String API = "/2018-06-01/runtime/";
  private static final String ID = "8476a536-e9f4-11e8-9739-2dfe598c3fcd";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicBoolean isGiven = new AtomicBoolean();
  private final Path output;
  private final Process process;

  /** What the runtime sent: {@code response} or {@code error}, and the JSON. */
  record Answer(String kind, String json) {}

  private LambdaRuntime(Path folder, String handler, Map<String, String> environment)
      throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(API, this::handle);
    server.start();
    output = folder.resolve("lambda.log");
    ProcessBuilder java =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
                handler));
    Map<String, String> variables = java.environment();
    variables.keySet().removeIf(name -> name.startsWith("MESH_"));
    variables.putAll(ofFunction(folder));
    variables.putAll(environment);
    process = java.redirectErrorStream(true).redirectOutput(output.toFile()).start();
  }

  /** Starts a function with variables besides those that Lambda sets. */
  static LambdaRuntime start(Path folder, String handler, Map<String, String> environment)
      throws IOException {
    return new LambdaRuntime(folder, handler, environment);
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
        .replace(";" + File.pathSeparator, File.pathSeparator);
  }

  private Map<String, String> ofFunction(Path folder) {
    Map<String, String> variables = new HashMap<>();
    InetSocketAddress address = server.getAddress();
    variables.put("AWS_LAMBDA_RUNTIME_API", address.getHostString() + ":" + address.getPort());
    variables.put("AWS_LAMBDA_FUNCTION_NAME", "operate");
    variables.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
    variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024");
    variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/operate");
    variables.put("AWS_LAMBDA_LOG_STREAM_NAME", "stream");
    variables.put("LAMBDA_TASK_ROOT", folder.toString());
    return variables;
  }

  /** Gives the event once; another request waits, as on Lambda. */
  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath().substring(API.length());
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    try (exchange) {
      if (path.equals("invocation/next")) {
        if (isGiven.getAndSet(true)) {
          await();
          return;
        }
        exchange.getResponseHeaders().add("Lambda-Runtime-Aws-Request-Id", ID);
        exchange
            .getResponseHeaders()
            .add(
                "Lambda-Runtime-Deadline-Ms",
                Long.toString(System.currentTimeMillis() + TimeUnit.MINUTES.toMillis(15)));
        exchange
            .getResponseHeaders()
            .add(
                "Lambda-Runtime-Invoked-Function-Arn",
                "arn:aws:lambda:eu-central-1:111111111111:function:operate");
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        send(
            exchange,
            200,
            """
            {"version":"0","id":"53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa","source":"aws.scheduler",
             "detail-type":"Scheduled Event","time":"2026-11-20T08:00:00Z","detail":{}}
            """);
      } else {
        send(exchange, 202, "{\"status\":\"OK\"}");
        answers.add(new Answer(path.substring(path.lastIndexOf('/') + 1), body));
      }
    }
  }

  private static void send(HttpExchange exchange, int status, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private void await() {
    try {
      closing.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns what the function returned or failed with. */
  Answer answer() throws InterruptedException, IOException {
    for (int second = 0; second < 180; second++) {
      Answer answer = answers.poll(1, TimeUnit.SECONDS);
      if (answer != null) {
        return answer;
      }
      if (!process.isAlive()) {
        break;
      }
    }
    throw new AssertionError("The function sent nothing. It printed: " + Files.readString(output));
  }

  @Override
  public void close() {
    process.destroyForcibly();
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
