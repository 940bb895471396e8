package io.meshwork.publish;

import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.schema.ColumnPaths;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.session.Session;
import io.meshwork.product.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Schema;

/** Checks what a caller says that rows were made from. */
final class Derivations {
  /** Receipt and log entry are documents, and hold all pairs. */
  private static final int MOST_PAIRS = 1_000;

  private Derivations() {}

  /**
   * The inputs, if each pair of columns is one of the product's and one of the input's. Columns of
   * an input that the caller may not read are not looked at, so that nothing is told of them.
   *
   * @throws InvalidRequestException otherwise
   */
  static List<Derivation> checked(
      Session session, Contract contract, List<PublishOptions.Input> inputs, String doing) {
    int named = inputs.stream().mapToInt(input -> 1 + input.columns().size()).sum();
    if (named > MOST_PAIRS) {
      throw new InvalidRequestException(
          ErrorCode.LIMIT_EXCEEDED,
          "Cannot "
              + doing
              + " with derivedFrom(..): "
              + named
              + " inputs and pairs of columns are named, and the limit is "
              + MOST_PAIRS
              + ". Nothing was published. Name the inputs alone.");
    }
    List<Derivation> derivations = new ArrayList<>();
    for (PublishOptions.Input input : inputs) {
      Snapshot snapshot = input.snapshot();
      Optional<Schema> visible = visibleColumns(session, snapshot);
      List<String> pairs = new ArrayList<>();
      for (String pair : input.columns()) {
        int equals = pair.indexOf('=');
        if (equals < 1 || equals == pair.length() - 1) {
          throw refused(
              doing,
              "a pair of columns has no two names. Write it as \"total=amount\", own first.");
        }
        String own = pair.substring(0, equals).strip();
        String from = pair.substring(equals + 1).strip();
        checkKnown(own, columns(contract), "the product", doing);
        visible.ifPresent(
            known -> checkKnown(from, known, "the input " + snapshot.product(), doing));
        pairs.add(own + "=" + from);
      }
      derivations.add(
          new Derivation(snapshot.product(), snapshot.contract(), snapshot.id(), pairs));
    }
    return derivations;
  }

  private static Optional<Schema> visibleColumns(Session session, Snapshot snapshot) {
    Optional<ProductEntry> input =
        session
            .catalog()
            .findProduct(snapshot.product())
            .filter(entry -> session.admission().mayRead(entry));
    if (input.isEmpty()) {
      return Optional.empty();
    }
    return session
        .ledger()
        .read(Keys.contract(snapshot.product(), snapshot.contract()))
        .map(stored -> Contract.fromJson(stored.json().path("contract").toString()))
        .map(Derivations::columns);
  }

  private static Schema columns(Contract contract) {
    return IcebergSchemas.fromAvro(contract.schema());
  }

  private static void checkKnown(String column, Schema known, String of, String doing) {
    List<Finding> unknown = ColumnPaths.unknown(known, List.of(column));
    if (!unknown.isEmpty()) {
      throw refused(
          doing, of + " has no column '" + unknown.get(0).where() + "'. " + unknown.get(0).mend());
    }
  }

  private static InvalidRequestException refused(String doing, String why) {
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot " + doing + " with derivedFrom(..): " + why + " Nothing was published.");
  }
}
