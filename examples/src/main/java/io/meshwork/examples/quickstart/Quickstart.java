package io.meshwork.examples.quickstart;

import static io.meshwork.contract.Partition.month;
import static io.meshwork.contract.Rule.atLeast;
import static io.meshwork.contract.Rule.atMost;
import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.compare;
import static io.meshwork.contract.Rule.notNull;
import static io.meshwork.contract.Rule.unique;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.cli.ExitCode;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.MeshException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.generic.GenericRecord;

/**
 * The main job. A domain publishes real, dirty data under a contract; bad rows are quarantined; a
 * second domain subscribes, sums the revenue per day, and publishes it as its own product.
 */
public final class Quickstart {
  private static final String TRIPS = "mobility/green-trips";
  private static final String FILE = "green_tripdata_2024-01.parquet";

  private static final List<Rule> RULES =
      List.of(
          between(
                  "lpep_pickup_datetime",
                  LocalDateTime.parse("2024-01-01T00:00:00"),
                  LocalDateTime.parse("2024-01-31T23:59:59.999999"))
              .id("pickup-in-month")
              .description("The trip begins in January 2024."),
          compare("lpep_dropoff_datetime >= lpep_pickup_datetime")
              .id("dropoff-not-before-pickup")
              .description("The trip ends after it begins."),
          atLeast("fare_amount", 0)
              .id("fare-not-negative")
              .description("The fare is not negative."),
          atLeast("total_amount", 0)
              .id("total-not-negative")
              .description("The total is not negative."),
          atMost("trip_distance", 100)
              .id("distance-at-most-100")
              .description("The trip is at most 100 miles long."));

  private final MeshClient mobility;
  private final MeshClient finance;
  private final QuickstartReport report = new QuickstartReport(System.out);

  private Quickstart(Mesh mesh) {
    this.mobility = mesh.clientAs(Principal.of("mobility", "etl"));
    this.finance = mesh.clientAs(Principal.of("finance", "analyst"));
  }

  /** Runs in the folder of the argument, or in a temporary one. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length > 1 || (arguments.length == 1 && arguments[0].startsWith("-"))) {
      System.err.println("Usage: quickstart [FOLDER]");
      System.exit(ExitCode.WRONG_REQUEST);
    }
    Path folder =
        arguments.length == 1
            ? Path.of(arguments[0])
            : Files.createTempDirectory("meshwork-quickstart-");
    try (Mesh mesh = LocalMesh.open(folder)) {
      new Quickstart(mesh).run(folder);
    } catch (MeshException e) {
      System.err.println(e.getMessage());
      System.exit(ExitCode.of(e));
    } catch (RuntimeException e) {
      System.exit(ExitCode.unexpected("quickstart", e, System.err));
    }
  }

  private void run(Path folder) throws IOException {
    report.title("A mesh in " + folder.toAbsolutePath());
    Path file = dataFile();
    report.source(file, Files.size(file));
    define(file);

    long start = System.nanoTime();
    PublishReceipt january =
        mobility.publish(TRIPS).files(file).idempotencyKey("green-trips-2024-01").commit();
    report.published(january, RULES, Duration.ofNanos(System.nanoTime() - start));

    Subscription<TaxiTrip> trips =
        finance
            .subscribe(TRIPS)
            .name("daily-revenue")
            .purpose("Revenue of green taxis by day")
            .as(TaxiTrip.class)
            .commit();
    publishRevenue(trips);
    report.revenue(publishedRevenue());

    PublishReceipt again = publishAgain();
    PublishReceipt replay = publishAgain();
    report.replayed(again, replay);
    long newsRows = newsRows(trips);
    report.news(newsRows);
    report.nextSteps(folder);
    report.result(List.of(january, again), revenue(trips), newsRows);
  }

  private void define(Path file) {
    mobility.registerDomain("mobility").owner("trips@example.org").commit();
    mobility
        .defineProduct(TRIPS)
        .description("Trips of New York's green taxis, as the city publishes them")
        .contract(
            Contract.fromParquet(file)
                .require(RULES.toArray(new Rule[0]))
                .onViolation(OnViolation.QUARANTINE))
        .partitionBy(month("lpep_pickup_datetime"))
        .openToMesh()
        .commit();

    finance.registerDomain("finance").owner("finance-data@example.org").commit();
    finance
        .defineProduct("finance/green-trip-revenue")
        .contract(Contract.of(DailyRevenue.class).require(notNull("day", "revenue"), unique("day")))
        .commit();
  }

  /** Exactly once: publishes with the batch's ID, then acknowledges the batch. */
  private void publishRevenue(Subscription<TaxiTrip> trips) {
    try (Batch<TaxiTrip> news = trips.poll()) {
      if (!news.isEmpty()) {
        finance
            .publish("finance/green-trip-revenue")
            .records(revenueByDay(news))
            .idempotencyKey(news.id())
            .derivedFrom(news.snapshot(), "revenue=total_amount", "miles=trip_distance")
            .commit();
        news.ack();
      }
    }
  }

  private static long newsRows(Subscription<TaxiTrip> trips) {
    try (Batch<TaxiTrip> news = trips.poll()) {
      long rows = news.stream().count();
      news.ack();
      return rows;
    }
  }

  private List<DailyRevenue> publishedRevenue() {
    List<DailyRevenue> days = new ArrayList<>();
    try (Rows<DailyRevenue> rows =
        finance.read("finance/green-trip-revenue").as(DailyRevenue.class).rows()) {
      rows.forEach(days::add);
    }
    return days;
  }

  private PublishReceipt publishAgain() {
    try (Rows<GenericRecord> rows = mobility.read(TRIPS).limit(1_000).rows()) {
      return mobility
          .publish(TRIPS)
          .records(rows)
          .idempotencyKey("green-trips-2024-01-again")
          .commit();
    }
  }

  private static List<DailyRevenue> revenueByDay(Iterable<TaxiTrip> trips) {
    Map<LocalDate, DailyRevenue> days = new TreeMap<>();
    for (TaxiTrip trip : trips) {
      LocalDate day = trip.pickup().toLocalDate();
      days.merge(
          day,
          new DailyRevenue(day, 1, trip.miles(), amount(trip)),
          (sum, one) ->
              new DailyRevenue(
                  day,
                  sum.trips() + 1,
                  sum.miles() + one.miles(),
                  sum.revenue().add(one.revenue())));
    }
    return new ArrayList<>(days.values());
  }

  private static BigDecimal revenue(Subscription<TaxiTrip> trips) {
    BigDecimal sum = BigDecimal.ZERO;
    try (Rows<TaxiTrip> rows = trips.rows()) {
      for (TaxiTrip trip : rows) {
        sum = sum.add(BigDecimal.valueOf(trip.total()));
      }
    }
    return sum.setScale(2, RoundingMode.HALF_EVEN);
  }

  private static BigDecimal amount(TaxiTrip trip) {
    return BigDecimal.valueOf(trip.total()).setScale(2, RoundingMode.HALF_EVEN);
  }

  /** Copies the city's file from the resources, with its name. */
  private static Path dataFile() throws IOException {
    Path folder = Files.createTempDirectory("meshwork-data-");
    Path file = folder.resolve(FILE);
    try (InputStream in = Quickstart.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IOException("the program lacks its resource " + FILE);
      }
      Files.copy(in, file);
    }
    folder.toFile().deleteOnExit(); // last in, first out: the file goes before its folder
    file.toFile().deleteOnExit();
    return file;
  }
}
