package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.columnar.ColumnBatch;
import io.meshwork.columnar.ColumnBatch.ColumnVector;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;

/** Totals that are computed on columns, without an object for each row. */
public final class ColumnTotals {
  private ColumnTotals() {}

  record Measure(String sensor, Instant at, Optional<Double> celsius) {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.open(Folder.of(arguments))) {
      MeshClient weather = mesh.clientAs(Principal.of("weather", "etl"));
      weather.registerDomain("weather").owner("weather@example.org").commit();
      weather.defineProduct("weather/measures").contract(Contract.of(Measure.class)).commit();
      Instant noon = Instant.parse("2026-11-20T12:00:00Z");
      weather
          .publish("weather/measures")
          .records(
              List.of(
                  new Measure("s-1", noon, Optional.of(4.5)),
                  new Measure("s-2", noon.plusSeconds(60), Optional.empty()),
                  new Measure("s-1", noon.plusSeconds(120), Optional.of(5.5))))
          .commit();
      // tag::totals[]
      double sum = 0;
      long count = 0;
      long last = Long.MIN_VALUE;
      try (Rows<GenericRecord> rows =
          weather.read("weather/measures").columns("at", "celsius").rows()) {
        for (Iterator<ColumnBatch> batches = rows.batches(); batches.hasNext(); ) {
          ColumnBatch batch = batches.next();
          ColumnVector at = batch.column("at");
          ColumnVector celsius = batch.column("celsius");
          for (int row = 0; row < batch.rows(); row++) {
            last = Math.max(last, at.longAt(row)); // microseconds since 1970
            if (!celsius.isNull(row)) {
              sum += celsius.doubleAt(row);
              count++;
            }
          }
        }
      }
      System.out.println(sum / count + " on average");
      System.out.println("last at " + Instant.EPOCH.plus(last, ChronoUnit.MICROS));
      // end::totals[]
    }
  }
}
