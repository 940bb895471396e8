package io.meshwork.examples.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.examples.story.StoryCommand;
import io.meshwork.examples.story.StoryFailedException;
import io.meshwork.examples.story.StoryReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;

/**
 * A product from its first file to the retirement of its first version, by processes of {@code
 * mesh} alone: the owner's, and those of a consumer in another domain.
 */
public final class Terminal {
  private static final String ORDERS = "commerce/orders";

  /** Its ending decides in which format the rows are written. */
  private static final String EXPORT = "out.parquet";

  private final Path folder;
  private final MeshProcess owner;
  private final MeshProcess consumer;
  private final StoryReport report = new StoryReport(System.out);

  private Terminal(Path folder) {
    this.folder = folder;
    this.owner = new MeshProcess(folder, "commerce/etl");
    this.consumer = new MeshProcess(folder, "finance/analyst");
  }

  /** Runs in the folder of the argument, which is empty or new, or in a temporary one. */
  public static void main(String[] arguments) throws IOException {
    StoryCommand.run("terminal", arguments, Terminal::run);
  }

  private static void run(Path folder) {
    try {
      Files.createDirectories(folder);
      new Terminal(folder).run();
    } catch (IOException e) {
      throw new StoryFailedException("The files of the story cannot be written or read", e);
    }
  }

  private void run() throws IOException {
    write(
        "orders.csv",
        """
        orderId,amount,country,card
        o-1,17.50,DE,4000-0001
        o-2,4.20,FR,4000-0002
        o-3,99.00,DE,4000-0003
        """);
    owner.run("init", "mesh");
    owner.run("domain", "add", "commerce", "--owner", "orders@example.org");
    consumer.run("domain", "add", "finance", "--owner", "finance@example.org");
    propose();
    define();
    publish();
    correct();
    requestAndApprove();
    poll();
    rollOut();
    counter();
    move();
    retire();
    export();
    report.end();
  }

  private void propose() throws IOException {
    owner.exit(0, "product", "propose", "orders.csv", "--to", "orders.odcs.yaml");
    String contract = Files.readString(folder.resolve("orders.odcs.yaml"));
    report.step(
        "proposed",
        "a contract with orderId, amount, and card",
        "a contract with "
            + (contract.contains("name: orderId") ? "orderId" : "no orderId")
            + (contract.contains("name: amount") ? ", amount" : "")
            + (contract.contains("name: card") ? ", and card" : ""));
  }

  private void define() {
    JsonNode defined =
        owner.run(
            "product",
            "define",
            ORDERS,
            "--contract",
            "orders.odcs.yaml",
            "--on-violation",
            "quarantine");
    report.step(
        "defined",
        ORDERS + " has contract 1.0.0",
        defined.get("product").asText()
            + " has contract "
            + defined.get("contractVersion").asText());
  }

  private void publish() throws IOException {
    owner.run("publish", ORDERS, "orders.csv", "--key", "day-1");
    JsonNode again = owner.run("publish", ORDERS, "orders.csv", "--key", "day-1");
    report.step(
        "published",
        "3 rows, replayed with the same key",
        again.get("rows").asLong()
            + " rows, "
            + again.get("status").asText()
            + " with the same key");

    StringBuilder rows = new StringBuilder("orderId,amount,country,card\n");
    for (int order = 4; order <= 13; order++) {
      rows.append("o-").append(order).append(",12.00,FR,4000-0004\n");
    }
    write("orders-2.csv", rows.append("o-14,free,DE,4000-0005\n").toString());
    JsonNode second = owner.run("publish", ORDERS, "orders-2.csv", "--key", "day-2");
    report.step(
        "quarantined",
        "1 row, beside 10 rows that are published",
        owner.run("quarantine", ORDERS, "--json").get("rows").size()
            + " row, beside "
            + second.get("rows").asLong()
            + " rows that are published");
  }

  private void correct() {
    JsonNode corrected =
        owner.run("republish", ORDERS, "--where", "rules LIKE '%amount%'", "--set", "amount=5.00");
    report.step(
        "corrected",
        "1 row; 0 are left in quarantine",
        corrected.get("rows").asLong()
            + " row; "
            + owner.run("quarantine", ORDERS, "--json").get("rows").size()
            + " are left in quarantine");
  }

  private void requestAndApprove() {
    consumer.exit(13, "read", ORDERS);
    JsonNode requested =
        consumer.run("request", ORDERS, "--columns", "orderId,amount", "--for", "Weekly revenue");
    report.step(
        "requested",
        "finance asks for orderId and amount",
        requested.get("domain").asText()
            + " asks for "
            + requested.get("columns").get(0).asText()
            + " and "
            + requested.get("columns").get(1).asText());
    JsonNode approved = owner.run("approve", ORDERS, "--because", "No names in it");
    report.step(
        "approved",
        "finance may read, without the cards",
        approved.get("domain").asText()
            + (consumer.run("explain", ORDERS, "--json").get("allowed").asBoolean()
                ? " may read"
                : " may not read")
            + (deniesCards() ? ", without the cards" : ", with the cards"));
  }

  private boolean deniesCards() {
    return consumer.exit(13, "read", ORDERS, "--columns", "card", "--json").isEmpty();
  }

  private void poll() throws IOException {
    consumer.run(
        "subscribe",
        ORDERS,
        "--name",
        "closing",
        "--for",
        "Closing",
        "--columns",
        "orderId,amount");
    long rows = pollAndAcknowledge();
    consumer.exit(99, "poll", "closing", "--to", "batch.jsonl");
    report.step("polled", "14 rows, and then nothing new", rows + " rows, and then nothing new");
  }

  private long pollAndAcknowledge() throws IOException {
    JsonNode polled = consumer.run("poll", "closing", "--to", "batch.jsonl");
    consumer.run("ack", "closing", polled.get("batch").asText());
    return Files.readAllLines(folder.resolve("batch.jsonl")).size();
  }

  private void rollOut() throws IOException {
    write(
        "orders-3.csv",
        """
        orderId,amount,country
        o-1,17.50,DE
        o-2,4.20,FR
        o-3,99.00,DE
        """);
    owner.exit(0, "product", "propose", "orders-3.csv", "--to", "orders-2.odcs.yaml");
    String[] start = {
      "rollout",
      "plan",
      ORDERS,
      "--contract",
      "orders-2.odcs.yaml",
      "--because",
      "Cards are private"
    };
    String fingerprint = owner.run(append(start, "--json")).get("fingerprint").asText();
    start[1] = "start";
    owner.run(append(start, "--planned", fingerprint));
    owner.run("rollout", "back-fill", ORDERS);
    owner.run("rollout", "activate", ORDERS);
    owner.run("rollout", "announce", ORDERS);
    JsonNode status = status();
    report.step(
        "rolled-out",
        "version 2 beside version 1, with finance/closing notified",
        "version 2 beside version "
            + status.get("from").asInt()
            + (owner.run("rollout", "compare", ORDERS, "--json").get("equal").asBoolean()
                ? ""
                : " with other rows")
            + ", with "
            + status.get("tracks").get(0).get("consumer").asText()
            + (status.get("tracks").get(0).get("state").asText().equals("NOT_NOTIFIED")
                ? " waiting"
                : " notified"));
  }

  private static String[] append(String[] command, String... more) {
    String[] all = Arrays.copyOf(command, command.length + more.length);
    System.arraycopy(more, 0, all, command.length, more.length);
    return all;
  }

  private void counter() {
    String later = LocalDate.parse(status().get("retireAfter").asText()).plusDays(10).toString();
    consumer.run(
        "rollout", "answer", ORDERS, "--counter", later, "--because", "The quarter ends then");
    owner.run("rollout", "accept", ORDERS, "finance/closing");
    JsonNode track = status().get("tracks").get(0);
    report.step(
        "countered",
        "finance/closing keeps version 1 until " + later,
        track.get("consumer").asText() + " keeps version 1 until " + track.get("date").asText());
  }

  private void move() throws IOException {
    owner.run("rollout", "close", ORDERS);
    owner.exit(11, "rollout", "retire", ORDERS);
    JsonNode comparison = consumer.run("rollout", "move", ORDERS, "closing", "--plan", "--json");
    JsonNode moved = consumer.run("rollout", "move", ORDERS, "closing");
    write("orders-4.csv", "orderId,amount,country,card\no-15,3.10,DE,4000-0006\n");
    owner.run("publish", ORDERS, "orders-4.csv", "--key", "day-3", "--major", "1");
    long rows = pollAndAcknowledge();
    consumer.run("rollout", "moved", ORDERS, "--because", "The job reads version 2");
    report.step(
        "moved",
        "closing reads version 2, with 0 rows that differ, and 1 new row",
        "closing reads version "
            + moved.get("major").asInt()
            + ", with "
            + (comparison.get("rowsOnlyBefore").asLong() + comparison.get("rowsOnlyAfter").asLong())
            + " rows that differ, and "
            + rows
            + " new row");
  }

  private void retire() {
    JsonNode retired = owner.run("rollout", "retire", ORDERS);
    report.step(
        "retired",
        "version 1 is RETIRED",
        "version " + retired.get("from").asInt() + " is " + status().get("state").asText());
  }

  private void export() throws IOException {
    JsonNode exported = consumer.run("export", ORDERS, EXPORT, "--columns", "orderId,amount");
    report.step(
        "exported",
        "15 rows to " + EXPORT,
        exported.get("rows").asLong()
            + " rows to "
            + (Files.size(folder.resolve(EXPORT)) > 0 ? EXPORT : "nothing"));
    report.number("rows", exported.get("rows").asLong());
    report.text("file", EXPORT);
  }

  private JsonNode status() {
    return owner.run("rollout", "status", ORDERS, "--json");
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }
}
