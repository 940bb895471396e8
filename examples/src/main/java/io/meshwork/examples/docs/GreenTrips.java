package io.meshwork.examples.docs;

import static io.meshwork.contract.Partition.month;
import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.compare;
import static io.meshwork.contract.Rule.inSet;
import static io.meshwork.contract.Rule.notNull;
import static io.meshwork.contract.Rule.references;
import static io.meshwork.contract.Rule.rowCount;
import static io.meshwork.contract.Rule.unique;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Column;
import io.meshwork.contract.Compatibility;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.contract.Rule.Dimension;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** The contract of New York's green taxi trips, and a month of trips that satisfies it. */
public final class GreenTrips {
  private static final String TRIPS = "mobility/green-trips";
  private static final String ZONES = "mobility/taxi-zones";
  private static final String FILE = "green_tripdata_2024-01.parquet";

  private GreenTrips() {}

  /** One metered trip, with the columns as the city publishes them. */
  record GreenTrip(
      @Column("VendorID") int vendor,
      @Column("lpep_pickup_datetime") LocalDateTime pickup,
      @Column("lpep_dropoff_datetime") LocalDateTime dropoff,
      @Column("store_and_fwd_flag") Optional<String> storeAndForward,
      @Column("RatecodeID") Double rateCode,
      @Column("PULocationID") int pickupZone,
      @Column("DOLocationID") int dropoffZone,
      @Column("passenger_count") Double passengers,
      @Column("trip_distance") double distance,
      @Column("fare_amount") double fare,
      double extra,
      @Column("mta_tax") double mtaTax,
      @Column("tip_amount") double tip,
      @Column("tolls_amount") double tolls,
      @Column("ehail_fee") Double ehailFee,
      @Column("improvement_surcharge") double improvementSurcharge,
      @Column("total_amount") double total,
      @Column("payment_type") Double paymentType,
      @Column("trip_type") Double tripType,
      @Column("congestion_surcharge") Double congestionSurcharge) {}

  /** A zone of the city, in which trips begin or end. */
  record TaxiZone(@Column("LocationID") int id) {}

  static Contract contract() {
    return Contract.of(GreenTrip.class)
        .require(
            inSet("VendorID", 1, 2, 6).id("vendor_known"),
            inSet("store_and_fwd_flag", "Y", "N").id("flag_known"),
            inSet("RatecodeID", 1, 2, 3, 4, 5, 6, 99).id("ratecode_known"),
            inSet("payment_type", 0, 1, 2, 3, 4, 5, 6).id("payment_known"),
            inSet("trip_type", 1, 2).id("trip_type_known"),
            between("PULocationID", 1, 265).id("pickup_zone"),
            between("DOLocationID", 1, 265).id("dropoff_zone"),
            references("PULocationID", ZONES, "LocationID").id("pickup_zone_known"),
            notNull("passenger_count").toleratePercent(10).warn().id("passenger_complete"),
            between("trip_distance", 0, 100)
                .toleratePercent(0.1)
                .dimension(Dimension.ACCURACY)
                .id("distance_plausible"),
            between("fare_amount", 0, 2000)
                .toleratePercent(1)
                .dimension(Dimension.ACCURACY)
                .id("fare_not_negative"),
            rowCount(1, Long.MAX_VALUE).id("rows_plausible"),
            unique(
                    "VendorID",
                    "lpep_pickup_datetime",
                    "lpep_dropoff_datetime",
                    "PULocationID",
                    "DOLocationID",
                    "total_amount")
                .id("trip_unique"),
            compare("lpep_dropoff_datetime >= lpep_pickup_datetime").id("dropoff_after_pickup"),
            Rule.text("Negative fares are reversals of an earlier trip by the same meter.")
                .id("documented_oddities"))
        .onViolation(OnViolation.QUARANTINE)
        .description("Trips of street-hail livery (green) taxis, for demand and fare analysis")
        .describeColumn("VendorID", "Provider that sent the record.")
        .describeColumn(
            "lpep_pickup_datetime", "Meter engaged; New York wall-clock time without a zone.")
        .describeColumn("lpep_dropoff_datetime", "Meter disengaged.")
        .describeColumn("store_and_fwd_flag", "Y if held in the vehicle before sending.")
        .describeColumn("RatecodeID", "Final rate code; 99 is unknown.")
        .describeColumn("PULocationID", "Taxi zone of pick-up.")
        .describeColumn("DOLocationID", "Taxi zone of drop-off.")
        .describeColumn("passenger_count", "Entered by the driver.")
        .describeColumn("trip_distance", "Miles.")
        .describeColumn("fare_amount", "Metered fare in USD.")
        .describeColumn("tip_amount", "Card tips only.")
        .describeColumn("ehail_fee", "Unused; null in every row of January 2024.")
        .describeColumn("total_amount", "Charged to the passenger without cash tips.")
        .classification(Classification.PUBLIC)
        .freshWithin(Duration.ofDays(45))
        .noticePeriod(Duration.ofDays(30))
        .compatibility(Compatibility.FULL_TRANSITIVE);
  }

  /** Publishes a month and prints the result of each rule. */
  public static void main(String[] arguments) throws IOException {
    try (Mesh mesh = LocalMesh.open(Folder.of(arguments))) {
      PublishReceipt receipt = publish(mesh, contract(), dataFile());
      for (RuleResult rule : receipt.quality().rules()) {
        System.out.printf(
            Locale.ROOT,
            "%-20s %-8s %5d rows%n",
            rule.ruleId(),
            rule.outcome(),
            rule.failingRows());
      }
      System.out.println(receipt.rowsAccepted() + " rows published");
    }
  }

  /** Defines the product with a contract, and publishes the rows of a file. */
  static PublishReceipt publish(Mesh mesh, Contract contract, Path file) {
    MeshClient mobility = mesh.clientAs(Principal.of("mobility", "etl"));
    mobility.registerDomain("mobility").owner("trips-owner@example.org").commit();
    mobility
        .defineProduct(ZONES)
        .contract(Contract.of(TaxiZone.class).primaryKey("LocationID"))
        .commit();
    mobility
        .publish(ZONES)
        .records(IntStream.rangeClosed(1, 265).mapToObj(TaxiZone::new).toList())
        .idempotencyKey("2024")
        .commit();
    mobility
        .defineProduct(TRIPS)
        .contract(contract)
        .partitionBy(month("lpep_pickup_datetime"))
        .openToMesh()
        .commit();
    return mobility.publish(TRIPS).files(file).idempotencyKey("2024-01").commit();
  }

  /** The trips of January 2024, as the city publishes them, in a file that ends with the JVM. */
  static Path dataFile() throws IOException {
    Path folder = Files.createTempDirectory("meshwork-trips-");
    Path file = folder.resolve(FILE);
    try (InputStream in =
        GreenTrips.class.getResourceAsStream("/io/meshwork/examples/quickstart/" + FILE)) {
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
