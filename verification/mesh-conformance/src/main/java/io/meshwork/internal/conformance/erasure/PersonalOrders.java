package io.meshwork.internal.conformance.erasure;

import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.publish.Erase;
import io.meshwork.publish.Publish;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;

/** The orders of a person, and where they are stored. */
final class PersonalOrders {
  /** The greatest of all values, so that bounds of columns contain it too. */
  static final String PERSON = "z" + MeshFixture.CANARY;

  static final String FILTER = "customer = '" + PERSON + "'";

  static final Contract LENIENT =
      Contract.of(Order.class)
          .require(Rule.atLeast("amount", 0))
          .onViolation(OnViolation.QUARANTINE)
          .maxQuarantineShare(100);

  private final MeshFixture orders;

  PersonalOrders(MeshFixture orders) {
    this.orders = orders;
  }

  static Order ofPerson(long id, long amount) {
    return new Order(id, PERSON, BigDecimal.valueOf(amount, 2), Optional.empty());
  }

  Erase erasure() {
    return orders
        .shop()
        .erase(MeshFixture.ORDERS)
        .where(FILTER)
        .because("request 4711")
        .idempotencyKey("4711");
  }

  void publishPerson() {
    publish().records(Order.range(0, 5)).commit();
    publish().records(List.of(Order.of(10), ofPerson(11, 100))).commit();
    publish().records(Order.range(12, 14)).commit();
  }

  private Publish<GenericRecord> publish() {
    return orders.shop().publish(MeshFixture.ORDERS);
  }

  /** The files whose bytes contain the person, of manifests after decompression. */
  List<String> filesWithPerson() throws IOException {
    List<String> files = new ArrayList<>();
    for (String file : orders.files.present().keySet()) {
      if (text(file).contains(PERSON.substring(0, 12))) {
        files.add(file);
      }
    }
    return files;
  }

  private String text(String file) throws IOException {
    try (InputStream in = orders.files.newInputFile(file).newStream()) {
      if (!file.endsWith(".avro")) {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      }
      StringBuilder text = new StringBuilder();
      try (DataFileStream<GenericRecord> entries =
          new DataFileStream<>(in, new GenericDatumReader<>())) {
        entries.forEach(text::append);
      }
      return text.toString();
    }
  }

  Subscription<Order> subscription() {
    return orders
        .registerFinance()
        .subscribe(MeshFixture.ORDERS)
        .name("totals")
        .purpose("Totals")
        .as(Order.class)
        .commit();
  }

  /** Polls the next batch and acknowledges it; empty if there is none. */
  static Optional<Batch.Kind> next(Subscription<Order> subscription) {
    try (Batch<Order> batch = subscription.poll()) {
      if (batch.isEmpty()) {
        return Optional.empty();
      }
      batch.forEach(row -> {});
      batch.ack();
      return Optional.of(batch.kind());
    }
  }
}
