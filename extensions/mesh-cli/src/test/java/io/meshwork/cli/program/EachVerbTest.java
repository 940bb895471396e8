package io.meshwork.cli.program;

import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.unique;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.Mesh;
import io.meshwork.cli.ExitCode;
import io.meshwork.cli.internal.shell.CommandShell;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.program.MeshProcess.Ran;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.internal.testkit.SampleMesh.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Each verb of the help, with what it prints against its schema. A verb that is added to the
 * command and not here fails the build. A build runs a sample of the commands by processes, by its
 * seed, and the others in this process; at night all run by processes.
 */
class EachVerbTest {
  private static final String ORDERS = CommandMesh.ORDERS;
  private static final String PAYMENTS = "commerce/payments";
  private static final String PARCELS = "commerce/parcels";
  private static final String ITEMS = "commerce/items";
  private static final String ETL = "commerce/etl";
  private static final String ANALYST = "finance/analyst";

  /** Changes that need no identity: they concern files, and upkeep of the whole mesh. */
  private static final Set<String> WITHOUT_IDENTITY =
      Set.of("init", "maintain", "operate", "repair", "backup");

  /** One of so many commands runs by a process. */
  private static final int ONE_OF = 64;

  private static final int SEED = Integer.getInteger("mesh.tests.seed", 0);

  @TempDir private Path folder;

  private final Set<String> ran = new TreeSet<>();
  private final Set<String> schemas = new TreeSet<>();
  private int oneOf = ONE_OF;
  private int commands;

  record Parcel(String parcelId, int grams, @Nullable String note) {}

  record ParcelWithoutNote(String parcelId, int grams) {}

  record PaymentInCents(String orderId, long cents) {}

  @BeforeEach
  void makeTheMesh() {
    CommandMesh.in(folder.resolve("mesh"));
    try (Mesh mesh = LocalMesh.openExisting(folder.resolve("mesh"))) {
      mesh.clientAs(Principal.of("commerce", "etl"))
          .defineProduct(PAYMENTS)
          .contract(
              Contract.of(Order.class)
                  .require(between("amount", 0, 100))
                  .onViolation(OnViolation.QUARANTINE)
                  .maxQuarantineShare(50))
          .commit();
      mesh.clientAs(Principal.of("commerce", "etl"))
          .startRollout(PAYMENTS)
          .contract(Contract.of(PaymentInCents.class))
          .because("Amounts in cents")
          .commit();
    }
  }

  @Test
  @Tag("nightly")
  void eachVerbOfTheHelpRunsAsAProcess() throws Exception {
    oneOf = 1;
    eachVerbOfTheHelpRuns();
  }

  @Test
  void eachVerbOfTheHelpRuns() throws Exception {
    setUp();
    define();
    publish();
    ask();
    consume();
    share();
    suggest();
    rollOut();
    endAndSuspend();
    keepInFiles();
    maintain();
    emit();
    serve();
    onboard();

    assertThat(ran).as("verbs that ran").isEqualTo(verbs());
    assertThat(schemas)
        .as("schemas of docs/schemas that were checked")
        .containsExactlyElementsOf(QuestionSchemas.names());
    Ran help = new MeshProcess(folder).run(List.of("help"));
    assertThat(help.code()).isZero();
    assertThat(verbs())
        .allSatisfy(verb -> assertThat(help.out()).contains("  " + verb.split(" ")[0]));
  }

  private void setUp() throws Exception {
    change(ETL, "init", "file:" + folder.resolve("new"));
    asks("use", ETL, "use", "file:" + folder.resolve("new"));
    change("hr/etl", "domain", "add", "hr", "--owner", "hr@example.org");
    assertThat(asks("domain-list", ETL, "domain", "list").get("domains")).hasSize(3);
    assertThat(run(ETL, "domain", "admit", "finance", "--catalog", "commerce").code())
        .isEqualTo(ExitCode.WRONG_REQUEST); // the mesh has one catalog
    assertThat(asks("stewards", ETL, "stewards").get("stewards")).isEmpty();
    asks("domain-show", ETL, "domain", "show", "commerce");
    asks("completion", ETL, "completion");
  }

  private void define() throws Exception {
    String csv = write("items.csv", "item,price\na,1.5\nb,2.5\n");
    String contract = asks("propose", ETL, "product", "propose", csv).get("contract").asText();
    String odcs = write("items.odcs.yaml", contract);
    change(ETL, "product", "define", ITEMS, "--contract", odcs);
    write(
        "items.odcs.yaml",
        contract.replace("name: price", "name: price\n        description: In euro"));
    asks("lint", "", "contract", "lint", odcs);
    String older = write("items.older.yaml", contract);
    assertThat(asks("diff", "", "contract", "diff", older, odcs).get("breaking").asBoolean())
        .isFalse();
    asks("diff", "", "contract", "breaking", older, odcs);
    asks("change-plan", ETL, "product", "amend", ITEMS, "--contract", odcs, "--plan");
    change(ETL, "product", "amend", ITEMS, "--contract", odcs);
  }

  private void publish() throws Exception {
    String bad = write("bad.csv", "orderId,amount,country\no-3,1000,DE\no-4,5,DE\n");
    change(ETL, "publish", PAYMENTS, bad, "--key", "day-2");
    assertThat(asks("quarantine", ETL, "quarantine", PAYMENTS).get("rows")).hasSize(1);
    assertThat(asks("failures", ETL, "failures", PAYMENTS).get("failures")).isNotEmpty();
    change(
        ETL,
        "republish",
        PAYMENTS,
        "--where",
        "rules LIKE '%between.amount%'",
        "--set",
        "amount=10.0");
    String more = write("more.csv", "orderId,amount,country\no-5,7,FR\n");
    String first = change(ETL, "stage", ORDERS, more, "--key", "day-3").get("staged").asText();
    assertThat(asks("staged", ETL, "staged", ORDERS).get("staged")).hasSize(1);
    assertThat(asks("rollout", ETL, "rollout", PAYMENTS).get("state").asText())
        .isEqualTo("PLANNED");
    change(ETL, "promote", ORDERS, first);
    String second = change(ETL, "stage", ORDERS, more, "--key", "day-4").get("staged").asText();
    change(ETL, "discard", ORDERS, second);
    String before = asks("history", ETL, "history", ORDERS).at("/changes/1/snapshotId").asText();
    change(ETL, "rollback", ORDERS, "--to", before, "--because", "Too early");
    assertThat(asks("files", ETL, "files", ORDERS).get("files")).hasSize(1);
    assertThat(change(ETL, "publish", ORDERS, more, "--plan").get("accepted").asInt()).isEqualTo(1);
    change(ETL, "publish", ORDERS, more, "--key", "day-5");
    change(ETL, "export", ORDERS, folder.resolve("out.jsonl").toString());
    assertThat(asks("read", ETL, "read", ORDERS).get("rows")).hasSize(3);
  }

  /** Registers the data files of another mesh, which are files of another program here. */
  private void onboard() throws Exception {
    CommandMesh.in(folder.resolve("other-mesh"));
    Path raw = Files.createDirectories(folder.resolve("raw/files"));
    try (var files = Files.walk(folder.resolve("other-mesh"))) {
      Path data =
          files.filter(each -> each.toString().endsWith(".parquet")).findFirst().orElseThrow();
      Files.copy(data, raw.resolve("part-1.parquet"));
    }
    String root = "raw=" + folder.resolve("raw");
    assertThat(
            change(ETL, "onboard", "commerce/raw", raw.toString(), "--reading-from", root)
                .get("rows"))
        .isNotNull();
  }

  private void ask() throws Exception {
    asks("search", ETL, "search", "orders");
    asks("describe", ETL, "describe", ORDERS);
    asks("health", ETL, "health");
    asks("changes", ETL, "changes", ITEMS);
    asks("lineage", ETL, "lineage", CommandMesh.REVENUE);
    asks("impact", ETL, "impact", ORDERS, "amount");
    asks("fault", ETL, "fault", CommandMesh.REVENUE);
    assertThat(asks("log", ETL, "log", ORDERS).get("publishes")).isNotEmpty();
    JsonNode changes = asks("history", ETL, "history", ORDERS).get("changes");
    assertThat(changes).hasSizeGreaterThan(1);
    assertThat(asks("history", ETL, "history", ORDERS, "--limit", "1").get("changes"))
        .containsExactly(changes.get(0));
    assertThat(asks("quality", ETL, "quality", ORDERS).get("quality")).isNotEmpty();
    assertThat(asks("audit", ETL, "audit", "--of", ORDERS).get("entries")).isNotEmpty();
  }

  private void consume() throws Exception {
    change(ANALYST, "subscribe", ORDERS, "--name", "closing", "--for", "Closing");
    assertThat(asks("consumers", ETL, "consumers", ORDERS).get("consumers")).isNotEmpty();
    String file = folder.resolve("batch.jsonl").toString();
    String batch = change(ANALYST, "poll", "closing", "--to", file).get("batch").asText();
    change(ANALYST, "ack", "closing", batch);
    assertThat(run(ANALYST, "poll", "closing", "--to", file).code())
        .isEqualTo(ExitCode.NOTHING_NEW);
    assertThat(run(ANALYST, "wait", "closing", "--at-most", "PT0.001S").code())
        .isIn(0, ExitCode.NOT_FRESH);
    change(ANALYST, "link", ORDERS, "--into", "sources");
    JsonNode links = asks("links", ANALYST, "links").get("links");
    change(ANALYST, "unlink", links.get(0).get("link").asText());
  }

  private void share() throws Exception {
    change(ETL, "tag", "commerce", "--define", "level=low,high");
    change(ETL, "tag", ORDERS, "level=low");
    asks("change-plan", ETL, "grant", ORDERS, "--to", "hr/etl", "--because", "Pay", "--plan");
    JsonNode granted = change(ETL, "grant", ORDERS, "--to", "hr/etl", "--because", "Pay");
    asks("explain", ETL, "explain", ORDERS, "--who", "hr/etl");
    String[] byTags = {
      "grant", "--tags", "level=low", "--to", "hr/etl", "--because", "Pay", "--what-if", ""
    };
    byTags[byTags.length - 1] = "hr/etl=" + PAYMENTS;
    assertThat(asks("explain", ETL, byTags).get("allowed").asBoolean()).isFalse();
    byTags[byTags.length - 1] = "hr/etl=" + ORDERS;
    assertThat(asks("explain", ETL, byTags).get("allowed").asBoolean()).isTrue();
    change(ETL, Arrays.copyOf(byTags, byTags.length - 2));
    String[] authorize = {
      "authorize", ORDERS, "--executors", "finance", "--any-consumer", "--because", "Finance"
    };
    String authorization = change(ETL, authorize).get("authorization").asText();
    assertThat(asks("authorizations", ETL, "authorizations").get("authorizations")).hasSize(1);
    change(ETL, "withdraw", authorization, "--because", "Over");
    change(ETL, "product", "close", PAYMENTS);
    assertThat(asks("who-can-read", ETL, "who-can-read", ORDERS).get("readers")).isNotEmpty();
    change(ETL, "revoke", granted.at("/grants/0/id").asText());
    change("hr/etl", "request", ORDERS, "--for", "Pay", "--columns", "country");
    assertThat(asks("requests", ETL, "requests").get("requests")).hasSize(1);
    String asked = asks("requests", ETL, "requests").at("/requests/0/request").asText();
    change(ETL, "clarify", asked, "Which columns?");
    change("hr/etl", "respond", asked, "The country");
    change(ETL, "approve", ORDERS);
    change("hr/etl", "request", "commerce/cards", "--for", "Pay");
    change(ETL, "deny", "commerce/cards", "--because", "Not for pay");
    assertThat(run("hr/etl", "requests", "--sent", "--all").out())
        .containsPattern("commerce/cards +DENIED .* Not for pay");
  }

  private void suggest() throws Exception {
    change(ANALYST, "suggest", ORDERS, "Add the currency", "--kind", "documentation");
    assertThat(asks("suggestions", ETL, "suggestions").get("suggestions")).hasSize(1);
    JsonNode answered = change(ETL, "answer", ORDERS, "--accept", "--because", "Soon");
    change(ANALYST, "withdraw", answered.get("suggestion").asText());
  }

  /** A rollout from its plan to the retirement: the consumer counters, moves, and reads. */
  private void rollOut() throws Exception {
    String first = write("parcels-1.json", Contract.of(Parcel.class).toJson());
    change(ETL, "product", "define", PARCELS, "--contract", first);
    String rows = write("parcels.csv", "parcelId,grams,note\np-1,100,left\np-2,50,right\n");
    change(ETL, "publish", PARCELS, rows, "--key", "day-1");
    change(ETL, "grant", PARCELS, "--to", ANALYST, "--because", "Weights");
    change(ANALYST, "subscribe", PARCELS, "--name", "weights", "--for", "Weights");
    pollAndAcknowledge("weights");

    String second = write("parcels-2.json", Contract.of(ParcelWithoutNote.class).toJson());
    String[] plan = {
      "rollout", "plan", PARCELS, "--contract", second, "--because", "Notes are private"
    };
    assertThat(asks("change-plan", ETL, plan).at("/consumers/0/name").asText())
        .isEqualTo("finance/weights");
    plan[1] = "start";
    change(ETL, plan);
    change(ETL, "rollout", "back-fill", PARCELS);
    assertThat(asks("compare", ETL, "rollout", "compare", PARCELS).get("equal").asBoolean())
        .isTrue();
    change(ETL, "rollout", "activate", PARCELS);
    change(ETL, "rollout", "announce", PARCELS);

    LocalDate retirement = LocalDate.parse(status(PARCELS).get("retireAfter").asText());
    String late = retirement.plusDays(10).toString();
    change(ANALYST, "rollout", "answer", PARCELS, "--seen");
    change(ANALYST, "rollout", "answer", PARCELS, "--object", "--because", "We need the notes");
    change(ETL, "rollout", "escalate", PARCELS, "finance/weights", "--because", "Privacy");
    change(ANALYST, "rollout", "answer", PARCELS, "--counter", late, "--because", "Holidays");
    change(ETL, "rollout", "accept", PARCELS, "finance/weights");
    String later = retirement.plusDays(20).toString();
    change(ETL, "rollout", "offer", PARCELS, "finance/weights", "--date", later);
    change(ETL, "rollout", "extend", PARCELS, "--to", later);
    assertThat(change(ANALYST, "rollout", "answer", PARCELS, "--agree").get("answer").asText())
        .isEqualTo("AGREED");

    change(ETL, "rollout", "make-current", PARCELS);
    change(ETL, "rollout", "close", PARCELS);
    assertThat(run(ETL, "rollout", "retire", PARCELS).code()).isEqualTo(ExitCode.CONFLICT);
    String[] dormant = {
      "rollout", "dormant", PARCELS, "finance/weights", "--because", "Nobody reads it"
    };
    assertThat(run(ETL, dormant).code()).isEqualTo(ExitCode.CONFLICT);
    asks("trial", ANALYST, "rollout", "move", PARCELS, "weights", "--plan");
    change(ANALYST, "rollout", "move", PARCELS, "weights");
    change(ETL, "publish", PARCELS, rows, "--key", "day-2", "--major", "1");
    pollAndAcknowledge("weights");
    change(ANALYST, "rollout", "moved", PARCELS, "--because", "The job reads version 2");
    change(ETL, "rollout", "retire", PARCELS);
    assertThat(status(PARCELS).get("state").asText()).isEqualTo("RETIRED");
    change(ETL, "rollout", "restore", PARCELS, "--because", "An audit reads the notes");
    assertThat(run(ETL, "rollout", "purge", PARCELS, "--because", "Done").code())
        .isEqualTo(ExitCode.CONFLICT);
    assertThat(asks("rollouts", ETL, "rollout").get("rollouts")).hasSizeGreaterThan(1);
  }

  private void endAndSuspend() throws Exception {
    change(ETL, "rollout", "end", ITEMS, "--because", "Nobody buys them");
    change(ETL, "rollout", "abort", ITEMS, "--because", "Somebody does");
    Contract weaker =
        Contract.of(Order.class).require(unique("orderId"), between("amount", 0, 100));
    String file = write("weaker.json", weaker.toJson());
    asks(
        "change-plan",
        ETL,
        "rollout",
        "amend",
        ORDERS,
        "--contract",
        file,
        "--because",
        "A slower source",
        "--plan");
    change(ETL, "suspend", ORDERS, "--because", "Wrong prices");
    assertThat(asks("steward-requests", ETL, "rollout", "requests", ORDERS).get("requests"))
        .hasSize(1);
    assertThat(run(ETL, "rollout", "approve", ORDERS).code()).isEqualTo(ExitCode.DENIED);
    change(ETL, "resume", ORDERS);
    change(ANALYST, "unsubscribe", ORDERS, "closing");
  }

  private JsonNode status(String product) throws Exception {
    return asks("rollout", ETL, "rollout", "status", product);
  }

  private void pollAndAcknowledge(String subscription) throws Exception {
    String file = folder.resolve(subscription + ".jsonl").toString();
    String batch = change(ANALYST, "poll", subscription, "--to", file).get("batch").asText();
    change(ANALYST, "ack", subscription, batch);
  }

  private void keepInFiles() throws Exception {
    String domain = folder.resolve("domain").toString();
    change(ETL, "snapshot", "commerce", "--to", domain);
    String file = domain + "/mesh.yaml";
    assertThat(asks("plan", ETL, "plan", file).get("steps")).isEmpty();
    change(ETL, "apply", file);
  }

  private void maintain() throws Exception {
    String[] erase = {
      "erase", ORDERS, "--now", "--not-waiting", "--where", "orderId = 'o-1'", "--because", "4711"
    };
    change(ETL, erase);
    asks("findings", ETL, "doctor");
    asks("findings", ETL, "verify");
    change("", "maintain");
    assertThat(asks("operate", "", "operate", "--once").get("status").asText())
        .isEqualTo("operated");
    change("", "repair");
    change("", "backup", folder.resolve("copy").toString());
    String notices = folder.resolve("notices").toString();
    change("", "deliver", "--to", notices);
    change(ANALYST, "suggest", ORDERS, "Add the tax", "--kind", "documentation");
    assertThat(change("", "deliver", "--to", notices).get("delivered").asInt()).isPositive();
    assertThat(Path.of(notices)).isNotEmptyDirectory();
    change("", "forget-notifier", "outbox");
    change(
        "",
        "template",
        "cloudformation",
        "--mesh",
        "aws:eu-central-1/111111111111/shop",
        "--account",
        "222222222222",
        "--to",
        folder.resolve("templates").toString());
    assertThat(run("", "mirror", "--verify").code()).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(run("", "onboard-account", "222222222222", "--verify").code())
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(run("", "catalog", "add", "commerce", "--account", "222222222222").code())
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(run("", "move", folder.resolve("other").toString()).code())
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(run("", "restore").code()).isEqualTo(ExitCode.WRONG_REQUEST);
  }

  private void emit() throws Exception {
    asks("openlineage", ETL, "emit", "openlineage", "commerce", "--namespace", "meshwork://shop");
    asks("prometheus", ETL, "emit", "prometheus");
    asks("odcs", ETL, "emit", "odcs", ORDERS);
    asks("odps", ETL, "emit", "odps", ORDERS);
    asks("backstage", ETL, "emit", "backstage");
    asks("portal", ETL, "portal", folder.resolve("site").toString());
  }

  /** The server runs until it is interrupted, so that its document is not printed here. */
  private void serve() throws Exception {
    Path out = folder.resolve("serve.out");
    Process server =
        new MeshProcess(folder).start(List.of("portal", "serve"), out, folder.resolve("serve.err"));
    try {
      while (server.isAlive() && Files.readString(out).lines().count() == 0) {
        Thread.onSpinWait();
      }
      URI address = URI.create(Files.readString(out).strip());
      HttpRequest request = HttpRequest.newBuilder(address).build();
      assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode())
          .isLessThan(400);
    } finally {
      server.destroy();
      server.waitFor();
    }
    ran.addAll(List.of("serve", "portal serve")); // the same verb by two names
    QuestionSchemas.check("serve", VerbAnswer.newDocument().put("served", "http://127.0.0.1:1/"));
    schemas.add("serve");
  }

  @Test
  void eachVerbRejectsAnUnknownOptionAndNamesItsHelp() {
    TestShell shell = new TestShell(folder);
    shell.variables.put("MESH_URL", "file:" + folder.resolve("mesh"));
    for (String verb : verbs()) {
      List<String> command = new ArrayList<>(List.of(verb.split(" ")));
      command.add("--nonsense");
      assertThat(shell.run(command.toArray(String[]::new)))
          .as(verb)
          .isEqualTo(ExitCode.WRONG_REQUEST);
      assertThat(shell.err()).as(verb).contains("mesh " + verb + " --help");
      assertThat(shell.run((verb + " --help").split(" "))).as(verb).isZero();
      assertThat(shell.out()).as(verb).contains("Usage: mesh " + verb);
    }
  }

  @Test
  void changesWithoutAnIdentityAreRefusedAndTheirFailureIsJson() throws IOException {
    TestShell shell = new TestShell(folder);
    shell.variables.put("MESH_URL", "file:" + folder.resolve("mesh"));
    for (String[] change :
        List.of(
            new String[] {"domain", "add", "hr", "--owner", "x"},
            new String[] {"product", "define", ITEMS, "--contract", "x.yaml"},
            new String[] {"publish", ORDERS, write("o.csv", "orderId\n")},
            new String[] {"export", ORDERS, "x.csv"},
            new String[] {"subscribe", ORDERS, "--name", "x", "--for", "x"},
            new String[] {"tag", ORDERS, "a=b"},
            new String[] {"grant", ORDERS, "--to", "a/b", "--because", "x"},
            new String[] {"revoke", "x"},
            new String[] {"request", ORDERS, "--for", "x"},
            new String[] {"approve", ORDERS},
            new String[] {"suggest", ORDERS, "x"},
            new String[] {"snapshot", "commerce", "--to", folder.resolve("x").toString()})) {
      String line = String.join(" ", change);
      assertThat(WITHOUT_IDENTITY).doesNotContain(change[0]);
      assertThat(shell.run(change)).as(line).isEqualTo(ExitCode.WRONG_REQUEST);
      QuestionSchemas.check("change", shell.json());
    }
  }

  /** Runs a question with {@code --json}, and returns its document. */
  private JsonNode asks(String schema, String as, String... command) throws Exception {
    String[] all = Arrays.copyOf(command, command.length + 1);
    all[command.length] = "--json";
    Ran answer = run(as, all);
    assertThat(answer.code()).as("%s: %s", String.join(" ", all), answer.err()).isZero();
    JsonNode document = TestShell.JSON.readTree(answer.out());
    QuestionSchemas.check(schema, document);
    schemas.add(schema);
    return document;
  }

  /** Runs a change, and returns the last line of standard output. */
  private JsonNode change(String as, String... command) throws Exception {
    Ran change = run(as, command);
    assertThat(change.code()).as("%s: %s", String.join(" ", command), change.err()).isZero();
    JsonNode document = TestShell.JSON.readTree(change.out());
    QuestionSchemas.check("change", document);
    schemas.add("change");
    return document;
  }

  private Ran run(String as, String... command) throws Exception {
    String line = String.join(" ", command) + " ";
    verbs().stream().filter(verb -> line.startsWith(verb + " ")).forEach(ran::add);
    List<String> all = new ArrayList<>(List.of(command));
    if (!as.isEmpty()) {
      all.addAll(List.of("--as", as));
    }
    if (Math.floorMod(SEED + commands++, oneOf) == 0) {
      return new MeshProcess(folder).run(all);
    }
    TestShell shell = new TestShell(folder);
    shell.variables.put("MESH_URL", "file:" + folder.resolve("mesh"));
    int code = shell.run(all.toArray(String[]::new));
    return new Ran(code, shell.out(), shell.err());
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  /** Returns the verbs that the help lists, and those below them, such as {@code domain add}. */
  static Set<String> verbs() {
    Set<String> verbs = new TreeSet<>();
    addVerbs(new CommandLine(new MeshVerbs(CommandShell.ofProcess())), "", verbs);
    verbs.remove("help");
    return verbs;
  }

  private static void addVerbs(CommandLine command, String before, Set<String> verbs) {
    command
        .getSubcommands()
        .forEach(
            (name, below) -> {
              if (below.getSubcommands().isEmpty()
                  || !below.getCommandSpec().positionalParameters().isEmpty()) {
                verbs.add(before + name);
              }
              addVerbs(below, before + name + " ", verbs);
            });
  }
}
