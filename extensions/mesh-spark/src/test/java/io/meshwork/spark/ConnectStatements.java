package io.meshwork.spark;

import io.meshwork.examples.spark.SparkStatements;
import java.net.InetSocketAddress;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * A program for Spark, and for the client of Spark Connect. Also runs lines {@code APPEND key table
 * query}, as a program with data frames does, and {@code PORT}, where a server is: it returns the
 * port at which the server answers.
 */
public final class ConnectStatements {
  private ConnectStatements() {}

  /** Runs lines until the input ends. */
  public static void main(String[] arguments) throws Exception {
    SparkStatements.run(ConnectStatements::rows);
  }

  private static List<String> rows(Object session, String line) throws Exception {
    if (line.equals("PORT")) {
      return List.of("{\"port\":" + port() + "}");
    } else if (!line.startsWith("APPEND ")) {
      return SparkStatements.sql(session, line);
    }
    String[] words = line.split(" ", 4);
    ((SparkSession) session)
        .sql(words[3])
        .writeTo(words[2])
        .option("meshwork.key", words[1])
        .append();
    return List.of();
  }

  /** The port that the system chose, which Spark only logs. */
  private static int port() throws ReflectiveOperationException {
    Class<?> type = Class.forName("org.apache.spark.sql.connect.service.SparkConnectService$");
    Object server = type.getMethod("server").invoke(type.getField("MODULE$").get(null));
    List<?> sockets = (List<?>) server.getClass().getMethod("getListenSockets").invoke(server);
    return ((InetSocketAddress) sockets.get(0)).getPort();
  }
}
