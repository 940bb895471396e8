package io.meshwork.examples.onboard;

import static io.meshwork.contract.Rule.atLeast;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.error.ContractViolationException;
import io.meshwork.examples.quickstart.Quickstart;
import io.meshwork.examples.story.StoryCommand;
import io.meshwork.examples.story.StoryReport;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.Onboard.OnboardPlan;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.generic.GenericRecord;

/** New York's green taxi trips, in the city's own files, become a product without a copy. */
public final class OnboardStory {
  private static final String TRIPS = "mobility/trips";

  private final StoryReport report = new StoryReport(System.out);
  private final MeshClient mobility;
  private final Path lake;

  private OnboardStory(Mesh mesh, Path lake) {
    this.mobility = mesh.clientAs(Principal.of("mobility", "etl"));
    this.lake = lake;
  }

  /** A row of a file whose fare is text. */
  record Fare(@Column("fare_amount") String fare) {}

  /** Runs in the folder of the argument, which is empty or new, or in a temporary one. */
  public static void main(String[] arguments) throws IOException {
    StoryCommand.run("onboard", arguments, OnboardStory::run);
  }

  private static void run(Path folder) {
    Path lake = folder.resolve("lake");
    try {
      Files.createDirectories(lake.resolve("trips"));
      // tag::open[]
      try (Mesh mesh = LocalMesh.builder(folder.resolve("mesh"), Map.of("lake", lake)).open()) {
        // end::open[]
        new OnboardStory(mesh, lake.resolve("trips")).run();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void run() throws IOException {
    mobility.registerDomain("mobility").owner("trips@example.org").commit();
    copyTrips("dt=2024-01");
    Contract contract = propose();
    refuse(contract);
    onboard(contract);
    copyTrips("dt=2024-02");
    refresh();
    read();
    report.end();
  }

  private void copyTrips(String month) throws IOException {
    Path folder = Files.createDirectories(lake.resolve(month));
    try (InputStream city =
        Objects.requireNonNull(
            Quickstart.class.getResourceAsStream("green_tripdata_2024-01.parquet"))) {
      Files.copy(city, folder.resolve("trips.parquet"));
    }
  }

  private Contract propose() {
    // tag::plan[]
    OnboardPlan plan = mobility.onboard(TRIPS).from(lake).plan();
    plan.files().forEach((file, bytes) -> System.out.println(file + " " + bytes));
    Contract proposed = plan.contract();
    // end::plan[]
    report.step(
        "found", "[root:lake/trips/dt=2024-01/trips.parquet]", plan.files().keySet().toString());
    report.step(
        "proposed",
        "21 columns, 56551 rows; accepted: true",
        proposed.schema().getFields().size()
            + " columns, "
            + plan.quality().rowsOffered()
            + " rows; accepted: "
            + plan.isAccepted());
    return proposed.require(atLeast("trip_distance", 0));
  }

  /** A file of another program, whose fares are text, is in the folder by mistake. */
  private void refuse(Contract contract) throws IOException {
    mobility.defineProduct("mobility/fares").contract(Contract.of(Fare.class)).commit();
    mobility.publish("mobility/fares").records(List.of(new Fare("12.50"))).commit();
    Path wrong = lake.resolve("dt=2024-01/fares.parquet");
    Files.copy(Path.of(mobility.read("mobility/fares").files().get(0)), wrong);
    String refusal = "";
    // tag::refuse[]
    try {
      mobility.onboard(TRIPS).contract(contract).from(lake).commit();
    } catch (ContractViolationException refused) {
      refusal = refused.findings().get(0).what();
    }
    // end::refuse[]
    report.step(
        "refused",
        "root:lake/trips/dt=2024-01/fares.parquet: its column 'fare_amount' is string (BYTE_ARRAY),"
            + " and the contract's double cannot be read from that.",
        refusal);
    Files.delete(wrong);
  }

  private void onboard(Contract contract) {
    // tag::commit[]
    PublishReceipt receipt = mobility.onboard(TRIPS).contract(contract).from(lake).commit();
    // end::commit[]
    report.step(
        "onboarded",
        "56551 rows in 1 file, by onboard",
        receipt.rowsAccepted()
            + " rows in "
            + receipt.files()
            + " file, by "
            + receipt.mode().text());
  }

  private void refresh() {
    // tag::refresh[]
    PublishReceipt later = mobility.onboard(TRIPS).refresh().commit();
    // end::refresh[]
    report.step(
        "refreshed",
        "56551 rows in 1 later file",
        later.rowsAccepted() + " rows in " + later.files() + " later file");
  }

  private void read() throws IOException {
    long rows = 0;
    try (Rows<GenericRecord> trips = mobility.read(TRIPS).where("dt = '2024-02'").rows()) {
      for (GenericRecord trip : trips) {
        rows += trip.get("fare_amount") instanceof Double ? 1 : 0;
      }
    }
    report.step(
        "read",
        "56551 rows of dt=2024-02; files: "
            + List.of(
                lake.resolve("dt=2024-01/trips.parquet"), lake.resolve("dt=2024-02/trips.parquet")),
        rows + " rows of dt=2024-02; files: " + mobility.read(TRIPS).files());
    report.number("rows", rows);
  }
}
