package io.meshwork.cli;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.card.ProductCard;
import io.meshwork.change.DefineProduct;
import io.meshwork.cli.internal.shell.ArgumentFaults;
import io.meshwork.cli.internal.shell.CommandShell;
import io.meshwork.cli.internal.shell.FindingText;
import io.meshwork.cli.internal.shell.MaintenanceLine;
import io.meshwork.cli.internal.shell.TerminalText;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshException;
import io.meshwork.error.NotFoundException;
import io.meshwork.local.LocalMesh;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.maintenance.Maintain;
import io.meshwork.maintenance.MeshDiagnosis;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command line for a mesh in a folder or on AWS: {@code MESH VERB …}. Standard output contains
 * results only; an error is one message on standard error.
 */
public final class MeshCommand {
  static final String USAGE =
      """
      Usage: scripts/mesh MESH VERB ...
        define PRODUCT FILE.parquet              defines a product with the file's schema
        publish PRODUCT FILE.parquet [--key KEY] [--as ACCOUNT/ROLE]
        files PRODUCT [--major N]                lists the data files of the current snapshot
        log PRODUCT                              lists the committed publishes, oldest first
        verify                                   checks logs, documents, and files
        doctor [--checksums]                     also reports leftovers; with --checksums, reads
                                                 the content of each data file
        maintain [--expect BYTES]                compacts, expires, cleans, archives, and trims
        repair [--apply FINGERPRINT]             plans repairs; applies a plan
        mirror [--adopt] [--repair] [--plan | --verify | --apply FINGERPRINT]
                                                 brings AWS Glue up to date; plans, checks, or
                                                 applies a plan
        backup TARGET                            copies a mesh that is in use to a folder
        move TARGET [--accounts OLD=NEW,...] [--places OLD=NEW,...]
             [--catalogs NAME=ACCOUNT,...] [--plan | --abandon]
                                                 moves a folder to AWS
        restore                                  restores deleted files on AWS
      With --reading-from NAME=FOLDER,... publish, files, verify, doctor, maintain, and repair
      read files that are registered in folders outside the mesh.\
      """;

  private final PrintStream out;
  private final PrintStream err;
  private final MeshAddress address;
  private final CommandOptions options;

  private MeshCommand(
      PrintStream out, PrintStream err, MeshAddress address, CommandOptions options) {
    this.out = out;
    this.err = err;
    this.address = address;
    this.options = options;
  }

  /** Runs a command and exits with its code. */
  public static void main(String[] arguments) {
    for (String library : List.of("org.apache.iceberg", "org.apache.avro")) {
      String level = "org.slf4j.simpleLogger.log." + library;
      if (System.getProperty(level) == null) {
        System.setProperty(level, "warn");
      }
    }
    System.exit(run(arguments, System.out, System.err));
  }

  /**
   * Runs a command in this process.
   *
   * @param arguments the mesh, the verb, and the arguments of the verb
   * @param out receives the results
   * @param err receives the message of an error
   * @return the exit code: 0, or one of {@link ExitCode}
   */
  public static int run(String[] arguments, PrintStream out, PrintStream err) {
    return CommandShell.flushed(answer(arguments, out, err), ExitCode.UNEXPECTED, out, err);
  }

  private static int answer(String[] arguments, PrintStream out, PrintStream err) {
    String command = "mesh";
    try {
      ArgumentFaults.ofLostCharacters(arguments)
          .ifPresent(
              fault -> {
                throw new UsageException(fault);
              });
      CommandOptions options = CommandOptions.parse(arguments);
      command = "mesh " + options.verb();
      MeshAddress address = options.mesh().readingFrom(options.pairs("--reading-from"));
      return new MeshCommand(out, err, address, options).run();
    } catch (UsageException e) {
      err.println(TerminalText.of(String.valueOf(e.getMessage())));
      err.println(USAGE);
      return ExitCode.WRONG_REQUEST;
    } catch (MeshException e) {
      err.println(TerminalText.of(String.valueOf(e.getMessage())));
      return ExitCode.of(e);
    } catch (OutOfMemoryError | LinkageError e) {
      err.println(UsageException.of(e).getMessage());
      return ExitCode.WRONG_REQUEST;
    } catch (RuntimeException e) {
      return ExitCode.unexpected(command, e, err);
    }
  }

  private int run() {
    return switch (options.verb()) {
      case "define" -> define();
      case "publish" -> publish();
      case "files" -> files();
      case "log" -> log();
      case "verify" -> verify();
      case "doctor" -> doctor();
      case "maintain" -> maintain();
      case "repair" -> repair();
      case "mirror" -> mirror();
      case "backup" -> backup();
      case "move" -> move();
      case "restore" -> restore();
      default -> throw CommandOptions.unknownVerb(options.verb());
    };
  }

  private int define() {
    ProductName product = ProductName.of(options.argument(0, "PRODUCT"));
    Contract contract = Contract.fromParquet(options.file(1, "FILE.parquet"));
    options.requireEnd(2);
    try (Mesh mesh = address.openOrCreate()) {
      MeshClient producer = client(mesh, product);
      DefineProduct define = producer.defineProduct(product).contract(contract);
      boolean exists = isDefined(producer, product);
      ProductCard card;
      try {
        card = define.commit();
      } catch (NotFoundException e) {
        // Not before, because registering an existing domain would amend it.
        address.register(producer, product.domain());
        card = define.commit();
      }
      String defined = product + " " + card.versions().get(0).version();
      out.println(exists ? defined + " already exists" : "defined " + defined);
    }
    return 0;
  }

  private static boolean isDefined(MeshClient producer, ProductName product) {
    try {
      producer.describe(product);
      return true;
    } catch (MeshException e) {
      // Defining the product reports the problem.
      return false;
    }
  }

  private int publish() {
    ProductName product = ProductName.of(options.argument(0, "PRODUCT"));
    Path file = options.file(1, "FILE.parquet");
    @Nullable String key = options.value("--key");
    @Nullable String actingAs = options.value("--as");
    options.requireEnd(2);
    try (Mesh mesh = address.open()) {
      Publish<?> publish =
          address
              .client(mesh, product.domain(), actingAs == null ? null : principal(actingAs))
              .publish(product)
              .files(file);
      if (key != null) {
        publish.idempotencyKey(key);
      }
      out.println(publish.commit().toJson());
    }
    return 0;
  }

  private int files() {
    ProductName product = ProductName.of(options.argument(0, "PRODUCT"));
    @Nullable String major = options.value("--major");
    options.requireEnd(1);
    try (Mesh mesh = address.open()) {
      var read = client(mesh, product).read(product);
      if (major != null) {
        read.majorVersion(options.number("--major", major));
      }
      read.files().forEach(out::println);
    }
    return 0;
  }

  private int log() {
    ProductName product = ProductName.of(options.argument(0, "PRODUCT"));
    options.requireEnd(1);
    try (Mesh mesh = address.open()) {
      List<PublishReceipt> receipts = client(mesh, product).publishHistory(product).receipts();
      for (PublishReceipt receipt : receipts) {
        out.println(LogLine.of(receipt));
      }
    }
    return 0;
  }

  private int verify() {
    options.requireEnd(0);
    try (Mesh mesh = address.open()) {
      return printFindings(mesh.doctor().problems());
    } catch (BackendException e) {
      err.println(TerminalText.of(String.valueOf(e.getMessage())));
      return ExitCode.NOT_CHECKED;
    }
  }

  private int doctor() {
    options.requireEnd(0);
    try (Mesh mesh = address.open()) {
      MeshDiagnosis diagnosis =
          options.has("--checksums") ? mesh.doctorWithChecksums() : mesh.doctor();
      return printFindings(diagnosis.findings());
    } catch (BackendException e) {
      err.println(TerminalText.of(String.valueOf(e.getMessage())));
      return ExitCode.NOT_CHECKED;
    }
  }

  private int maintain() {
    @Nullable String expected = options.value("--expect");
    options.requireEnd(0);
    try (Mesh mesh = address.open()) {
      Maintain maintain = mesh.maintain();
      if (expected != null) {
        maintain.expectLeftovers(options.bytes("--expect", expected));
      }
      Maintain.Report report = maintain.commit();
      int code = printFindings(report.remaining());
      out.println(MaintenanceLine.of(report));
      return code;
    }
  }

  private int repair() {
    @Nullable String fingerprint = options.value("--apply");
    options.requireEnd(0);
    try (Mesh mesh = address.open()) {
      if (fingerprint != null) {
        return printFindings(mesh.repair().commitAsPlanned(fingerprint).findings());
      }
      Plan<MeshDiagnosis> plan = mesh.repair().plan();
      int code = printFindings(plan.findings());
      plan.steps().forEach(out::println);
      out.println(
          plan.steps().isEmpty() ? "nothing to repair" : "fingerprint " + plan.fingerprint());
      return code;
    }
  }

  private int mirror() {
    @Nullable String fingerprint = options.value("--apply");
    options.requireEnd(0);
    options.requireAtMostOne("--plan", "--verify", "--apply");
    options.requireAtMostOne("--verify", "--adopt");
    if (address instanceof MeshAddress.Folder) {
      throw UsageException.ofMirrors();
    }
    try (Mesh mesh = address.open()) {
      if (options.has("--verify")) {
        return printFindings(mesh.mirrors().verify().findings());
      }
      Mirrors mirrors = options.has("--adopt") ? mesh.mirrors().adopt() : mesh.mirrors();
      PlannedOperation<Plan<Mirrors.Report>, Mirrors.Report> run =
          options.has("--repair") ? mirrors.repair() : mirrors;
      if (options.has("--plan")) {
        Plan<Mirrors.Report> plan = run.plan();
        int code = printFindings(plan.findings());
        plan.steps().forEach(out::println);
        out.println(plan.isEmpty() ? "nothing to mirror" : "fingerprint " + plan.fingerprint());
        return code;
      }
      Mirrors.Report report = fingerprint == null ? run.commit() : run.commitAsPlanned(fingerprint);
      int code = printFindings(report.remaining());
      report.byHand().forEach(out::println);
      out.println(MaintenanceLine.of(report));
      return report.byHand().isEmpty() ? code : ExitCode.FINDINGS;
    }
  }

  private int backup() {
    Path target = options.file(0, "TARGET");
    options.requireEnd(1);
    LocalMesh.Copy backup = address.backUp(target);
    int code = printFindings(backup.damage());
    out.println("{\"files\":" + backup.files() + ",\"bytes\":" + backup.bytes() + "}");
    return code;
  }

  private int move() {
    MeshAddress target = MeshAddress.parse(options.argument(0, "TARGET"));
    options.requireEnd(1);
    MoveMesh move = address.moveTo(target);
    options.pairs("--accounts").forEach(move::account);
    options.pairs("--places").forEach(move::place);
    options.pairs("--catalogs").forEach(move::catalog);
    if (options.has("--abandon")) {
      move.abandon();
      return 0;
    }
    if (options.has("--plan")) {
      Plan<LocalMesh.Copy> plan = move.plan();
      int code = printFindings(plan.findings());
      plan.steps().forEach(out::println);
      return code;
    }
    LocalMesh.Copy moved = move.commit();
    int code = printFindings(moved.damage());
    out.println("{\"files\":" + moved.files() + ",\"bytes\":" + moved.bytes() + "}");
    return code;
  }

  private int restore() {
    options.requireEnd(0);
    out.println("{\"files\":" + address.restoreFiles() + "}");
    return 0;
  }

  private MeshClient client(Mesh mesh, ProductName product) {
    return address.client(mesh, product.domain(), null);
  }

  /** Prints findings, and returns their exit code. */
  private int printFindings(List<Finding> findings) {
    for (Finding finding : findings) {
      out.println(FindingText.of(finding));
    }
    return findings.stream().allMatch(finding -> finding.severity() == Finding.Severity.NOTE)
        ? 0
        : ExitCode.FINDINGS;
  }

  private static Principal principal(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new UsageException("--as requires ACCOUNT/ROLE.");
    }
    return Principal.of(text.substring(0, slash), text.substring(slash + 1));
  }
}
