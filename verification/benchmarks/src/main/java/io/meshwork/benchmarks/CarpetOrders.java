package io.meshwork.benchmarks;

import com.jerolba.carpet.CarpetWriter;
import com.jerolba.carpet.TimeUnit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.jspecify.annotations.Nullable;

/** Orders as carpet writes them: Java records, with null for what is absent. */
final class CarpetOrders {
  /** An order. */
  record CarpetOrder(
      String orderId,
      long customerId,
      String status,
      double amount,
      String currency,
      Instant createdAt,
      String country,
      @Nullable String note) {}

  private final List<CarpetOrder> orders;

  CarpetOrders(List<BenchmarkOrder> orders) {
    this.orders =
        orders.stream()
            .map(
                order ->
                    new CarpetOrder(
                        order.orderId(),
                        order.customerId(),
                        order.status(),
                        order.amount(),
                        order.currency(),
                        order.createdAt(),
                        order.country(),
                        order.note().orElse(null)))
            .toList();
  }

  void write(Path file) throws IOException {
    try (CarpetWriter<CarpetOrder> writer =
        new CarpetWriter.Builder<>(new LocalOutputFile(file), CarpetOrder.class)
            .withConf(new PlainParquetConfiguration())
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withDefaultTimeUnit(TimeUnit.MICROS)
            .build()) {
      writer.write(orders);
    }
  }
}
