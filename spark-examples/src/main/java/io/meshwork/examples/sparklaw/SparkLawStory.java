package io.meshwork.examples.sparklaw;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.error.ContractViolationException;
import io.meshwork.examples.spark.SparkLaunch;
import io.meshwork.examples.spark.SparkProcess;
import io.meshwork.examples.spark.SparkProcess.Result;
import io.meshwork.examples.sparklaw.LawCase.Replacement;
import io.meshwork.examples.story.StoryCommand;
import io.meshwork.examples.story.StoryReport;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Random contracts and rows, published by Spark in one, three, and eight slices, and by the SDK:
 * the table, the quarantine, and what each rule counted and measured are equal, or both refuse.
 */
public final class SparkLawStory implements AutoCloseable {
  private static final String DOMAIN = "mobility";
  private static final int CONTRACTS = 20;
  private static final List<Integer> SLICES = List.of(1, 3, 8);

  /** What a refusal says of a rule, which does not depend on the slices. */
  private static final Pattern FAILED_RULE =
      Pattern.compile("Rule (\\S+), [^\\n\\\\]*? failed(?: in \\d+ of \\d+ rows)?");

  private final StoryReport report;
  private final Mesh mesh;
  private final MeshClient owner;
  private final SparkProcess spark;

  private SparkLawStory(
      String version, Path folder, UnaryOperator<SparkLaunch> tasks, StoryReport report)
      throws IOException {
    this.report = report;
    Path location = folder.resolve("mesh").toAbsolutePath();
    this.mesh = LocalMesh.open(location);
    this.owner = mesh.clientAs(Principal.of(DOMAIN, "etl"));
    owner.registerDomain(DOMAIN).owner("rides@example.org").commit();
    owner.defineProduct(LawCase.ZONES_PRODUCT).contract(Contract.of(LawCase.Zone.class)).commit();
    owner.publish(LawCase.ZONES_PRODUCT).records(LawCase.ZONES).commit();
    Path log = Files.createDirectories(folder.resolve("spark")).resolve("spark.log");
    this.spark =
        SparkProcess.start(
            tasks.apply(
                new SparkLaunch(version, folder.resolve("spark").toAbsolutePath())
                    .forShortJobs()
                    .mesh(location.toString(), DOMAIN + "/spark")),
            log);
  }

  /** Runs the story in a folder, empty or new; the arguments name it and a seed. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length > 2 || (arguments.length == 2 && !arguments[1].matches("-?[0-9]{1,18}"))) {
      System.err.println("Usage: scripts/example spark-law [FOLDER [SEED]]");
      System.exit(2);
    }
    long seed = arguments.length == 2 ? Long.parseLong(arguments[1]) : 1;
    StoryCommand.run(
        "spark-law",
        Arrays.copyOf(arguments, Math.min(1, arguments.length)),
        folder ->
            run(
                "4.1",
                folder,
                seed,
                CONTRACTS,
                true,
                false,
                launch -> launch.threads(2),
                new StoryReport(System.out)));
  }

  /**
   * Runs the story with contracts from a seed.
   *
   * @param version of Spark, such as {@code 4.1}
   * @param each false to publish the rows of a contract in one number of slices, and not in each
   * @param coded true for contracts with custom rules too: the program of Spark then takes lines
   *     {@code VERBS catalog product | verb argument | .. | query}, which name their code
   * @param tasks sets where tasks run, and another program
   */
  public static void run(
      String version,
      Path folder,
      long seed,
      int contracts,
      boolean each,
      boolean coded,
      UnaryOperator<SparkLaunch> tasks,
      StoryReport report) {
    try (SparkLawStory story = new SparkLawStory(version, folder, tasks, report)) {
      story.tell(seed, contracts, each, coded);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    try (mesh) {
      spark.close();
    }
  }

  private void tell(long seed, int contracts, boolean each, boolean coded) {
    Random random = new Random(seed);
    int slices = 0;
    int refused = 0;
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < contracts; i++) {
      LawCase one = LawCase.of(random, coded);
      List<String> expected = publishBySdk(one, product(i, 0));
      refused += expected.get(0).equals("refused") ? 1 : 0;
      for (int tasks : each ? SLICES : List.of(SLICES.get(i % SLICES.size()))) {
        List<String> faults = publishBySpark(one, product(i, tasks), tasks);
        slices += tasks;
        if (!faults.equals(expected)) {
          differences.add("contract " + i + " in " + tasks + " slices");
        }
      }
    }
    report.step("published", "some true", "some " + (refused < contracts));
    report.step("equal", "differences []", "differences " + differences);
    report.step("doctor", "problems 0", "problems " + mesh.doctor().problems().size());
    report.number("contracts", contracts);
    report.number("slices", slices);
    report.number("differences", differences.size());
    report.endWithoutSteps();
  }

  private static String product(int contract, int tasks) {
    return "rides-" + contract + "-" + tasks;
  }

  private void define(LawCase one, String name) {
    String product = DOMAIN + "/" + name;
    owner
        .defineProduct(product)
        .contract(LawCase.of(one.contract(), product))
        .partitionBy(Partition.month("day"))
        .commit();
    if (!one.standing().isEmpty()) {
      try {
        owner.publish(product).records(one.standing()).commit();
      } catch (ContractViolationException e) {
        // The table stays empty, in all products of this contract.
      }
    }
    one.next()
        .forEach(
            next ->
                owner
                    .startRollout(product)
                    .contract(LawCase.of(next, product))
                    .because("the column was never used")
                    .withoutHistory()
                    .commit()
                    .activate()
                    .commit());
  }

  private List<String> publishBySdk(LawCase one, String name) {
    define(one, name);
    Publish<?> publish = owner.publish(DOMAIN + "/" + name);
    switch (one.replaced()) {
      case NONE -> {}
      case ALL -> publish.replaceAll();
      case PARTITIONS -> publish.replacePartitions();
      case WHERE -> publish.replaceWhere(LawCase.WHERE);
    }
    one.code().forEach((rule, code) -> publish.customRule(rule, 1, code));
    try {
      publish.records(one.offered()).commit();
    } catch (ContractViolationException e) {
      return refusal(String.valueOf(e.getMessage()));
    }
    return outcome(one, name);
  }

  private List<String> publishBySpark(LawCase one, String name, int tasks) {
    define(one, name);
    spark
        .sql(
            "SET spark.sql.sources.partitionOverwriteMode="
                + (one.replaced() == Replacement.PARTITIONS ? "dynamic" : "static"))
        .rowsOrThrow();
    Result result =
        spark.sql(one.code().isEmpty() ? statement(one, name, tasks) : verbs(one, name, tasks));
    if (result.failure().startsWith("CONTRACT_VIOLATED ")) {
      return refusal(result.failure());
    }
    result.rowsOrThrow();
    return outcome(one, name);
  }

  private static String statement(LawCase one, String name, int tasks) {
    String table = "mesh." + DOMAIN + "." + name.replace('-', '_') + "_v1";
    return one.replaced().into(table) + one.query(tasks);
  }

  private static String verbs(LawCase one, String name, int tasks) {
    List<String> parts = new ArrayList<>(List.of("VERBS mesh " + DOMAIN + "/" + name));
    switch (one.replaced()) {
      case NONE -> {}
      case ALL -> parts.add("replaceAll");
      case PARTITIONS -> parts.add("replacePartitions");
      case WHERE -> parts.add("replaceWhere " + LawCase.WHERE);
    }
    one.code().keySet().forEach(rule -> parts.add("customRule " + rule));
    parts.add(one.query(tasks));
    return String.join(" | ", parts);
  }

  private static List<String> refusal(String message) {
    List<String> rules = new ArrayList<>(List.of("refused"));
    Matcher rule = FAILED_RULE.matcher(message);
    while (rule.find()) {
      rules.add(rule.group());
    }
    return rules;
  }

  /** What a product has after the publish, in comparable texts. */
  private List<String> outcome(LawCase one, String name) {
    String product = DOMAIN + "/" + name;
    List<String> all = new ArrayList<>();
    List<PublishReceipt> receipts = owner.publishHistory(product).receipts();
    PublishReceipt receipt = receipts.get(receipts.size() - 1);
    all.add(
        receipt.quality().rowsOffered()
            + " "
            + receipt.rowsAccepted()
            + " "
            + receipt.quality().rowsQuarantined()
            + " "
            + receipt.quality().qualityScore()
            + " late "
            + receipt.lateRows());
    receipt
        .quality()
        .rules()
        .forEach(
            rule ->
                all.add(
                    rule.ruleId()
                        + " "
                        + rule.outcome()
                        + " "
                        + rule.failingRows()
                        + " of "
                        + rule.evaluatedRows()
                        + " "
                        // The age of rows is not the same in two publishes.
                        + (rule.text().startsWith("fresh")
                            ? rule.measure().isPresent()
                            : rule.measure())));
    for (int major = 1; major <= 1 + one.next().size(); major++) {
      try (Rows<Map<String, Object>> rows =
          owner.read(product).majorVersion(major).asMaps().rows()) {
        rows.stream().map(row -> "row " + row).sorted().forEach(all::add);
      }
      try (Rows<Map<String, Object>> rows =
          owner.quarantine(product).majorVersion(major).asMaps().rows()) {
        rows.stream()
            .map(row -> row.get("rules") + " " + row.get("reason") + " " + row.get("row"))
            .sorted()
            .forEach(all::add);
      }
    }
    return all;
  }
}
