package io.meshwork.examples.etl;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.cli.ExitCode;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.error.MeshException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/** A task of a scheduler: copies the complete sales of a day, and tells by its exit code. */
public final class ScheduledJob {
  private static final String RESULT_FILE = "--result-file";

  private ScheduledJob() {}

  record Sale(String saleId, LocalDate day, @Column(precision = 12, scale = 2) BigDecimal price) {}

  /** How the task ended, for the scheduler. */
  // tag::result[]
  record Result(int exitCode, String status, String details) {
    String toJson() {
      return "{\"exitCode\":" + exitCode + ",\"status\":\"" + status + "\"," + details + "}";
    }
  }

  // end::result[]

  /** Runs the task: {@code FOLDER DAY [--result-file FILE]}. */
  public static void main(String[] arguments) throws IOException {
    int code = run(List.of(arguments));
    if (code != 0) {
      System.exit(code);
    }
  }

  // tag::run[]
  static int run(List<String> arguments) throws IOException {
    int option = arguments.indexOf(RESULT_FILE);
    if (arguments.size() != (option == 2 ? 4 : 2)) {
      System.err.println("Usage: scheduled-job FOLDER DAY [--result-file FILE]");
      return ExitCode.WRONG_REQUEST;
    }
    Result result;
    try (Mesh mesh = LocalMesh.open(Path.of(arguments.get(0)))) {
      result =
          copy(mesh.clientAs(Principal.of("finance", "etl")), LocalDate.parse(arguments.get(1)));
    } catch (MeshException e) {
      System.err.println(e.getMessage());
      String details = "\"errorCode\":\"" + e.errorCode().code() + "\"";
      result = new Result(ExitCode.of(e), "failed", details);
    }
    System.out.println(result.toJson());
    if (option > 0) {
      Files.writeString(Path.of(arguments.get(3)), result.toJson());
    }
    return result.exitCode();
  }

  // end::run[]

  // tag::copy[]
  static Result copy(MeshClient finance, LocalDate day) {
    finance.defineProduct("finance/sales").contract(Contract.of(Sale.class)).commit();
    Subscription<Sale> sales =
        finance
            .subscribe("sales/sales")
            .name("copy")
            .purpose("Reconciliation")
            .as(Sale.class)
            .commit();
    if (!sales.awaitComplete(
        day.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC), Duration.ofMinutes(10))) {
      return new Result(ExitCode.NOT_FRESH, "late", "\"day\":\"" + day + "\"");
    }
    try (Batch<Sale> news = sales.poll()) {
      if (news.isEmpty()) {
        return new Result(ExitCode.NOTHING_NEW, "nothing-new", "\"day\":\"" + day + "\"");
      }
      PublishReceipt receipt =
          finance
              .publish("finance/sales")
              .records(news)
              .derivedFrom(news.snapshot())
              .idempotencyKey(news.id())
              .commit();
      news.ack();
      return new Result(0, "published", "\"receipt\":" + receipt.toJson());
    }
  }
  // end::copy[]
}
