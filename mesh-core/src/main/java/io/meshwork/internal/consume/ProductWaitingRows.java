package io.meshwork.internal.consume;

import io.meshwork.consume.Read;
import io.meshwork.consume.Read.WaitingRows;
import io.meshwork.consume.Rows;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.internal.table.QuarantineReason;
import io.meshwork.internal.table.QuarantineTable;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the quarantines of all major versions of a product. */
final class ProductWaitingRows implements WaitingRows {
  private static final long DEFAULT_LIMIT = 1_000;

  private final ClientSession session;
  private final ProductName product;
  private @Nullable String filter;
  private @Nullable Integer major;
  private long limit = DEFAULT_LIMIT;

  ProductWaitingRows(ClientSession session, CharSequence product) {
    this.session = session;
    this.product =
        ResolvedProduct.forProducer(
            session, product, MeshAction.of(Verb.READ, "the quarantine of"));
  }

  /** What identifies a row: a publish to several versions puts it into each quarantine. */
  private record RowId(Object publish, Object number) {
    static RowId of(Map<String, Object> row) {
      return new RowId(value(row, QuarantineTable.PUBLISH), value(row, QuarantineTable.ROW_NUMBER));
    }
  }

  private record FoundRow(Map<String, Object> values, List<Integer> majors) {}

  @Override
  public WaitingRows where(String text) {
    filter = ArgumentChecks.required("where", text);
    return this;
  }

  @Override
  public WaitingRows majorVersion(int number) {
    major = ArgumentChecks.majorVersion(number);
    return this;
  }

  @Override
  public WaitingRows limit(long rows) {
    if (rows < 0) {
      throw ArgumentChecks.refused("limit", "is " + rows, "Use 0 or more.");
    }
    limit = rows;
    return this;
  }

  @Override
  public List<WaitingRow> rows() {
    Map<RowId, FoundRow> rowsById = new LinkedHashMap<>();
    List<Integer> partial = new ArrayList<>();
    @Nullable InvalidRequestException refused = null;
    boolean fits = false;
    for (int each : versions()) {
      try (Rows<Map<String, Object>> rows = read(each).limit(limit).rows()) {
        long read = 0;
        for (Map<String, Object> row : rows) {
          read++;
          rowsById
              .computeIfAbsent(RowId.of(row), id -> new FoundRow(row, new ArrayList<>()))
              .majors()
              .add(each);
        }
        fits = true;
        if (read == limit) {
          partial.add(each);
        }
      } catch (InvalidRequestException e) {
        refused = e; // the filter may name a rule of another version
      } catch (NotFoundException e) {
        if (major != null) {
          throw e;
        } // it was aborted or purged
      }
    }
    if (!fits && refused != null) {
      throw refused;
    }
    List<RowId> more = rowsById.keySet().stream().skip(limit).toList();
    more.forEach(rowsById::remove);
    partial.forEach(each -> addVersion(each, rowsById));
    return rowsById.values().stream().map(ProductWaitingRows::row).toList();
  }

  /** The major versions that may have quarantined rows, newest first. */
  private List<Integer> versions() {
    if (major != null) {
      return List.of(major);
    }
    MeshAction action = MeshAction.of(Verb.READ, "the quarantine of " + product);
    session.checkOpen(action);
    session.catalog().requireProduct(product, action);
    session.authorizer().requireOwner(product.domain(), action);
    List<Integer> all = new ArrayList<>(session.catalog().majors(product));
    Collections.reverse(all);
    return all;
  }

  /** Adds a version of which not all rows were read to its rows that were found. */
  private void addVersion(int version, Map<RowId, FoundRow> rowsById) {
    if (rowsById.values().stream().allMatch(row -> row.majors().contains(version))) {
      return;
    }
    try (Rows<Map<String, Object>> rows =
        read(version).columns(QuarantineTable.PUBLISH, QuarantineTable.ROW_NUMBER).rows()) {
      for (Map<String, Object> row : rows) {
        FoundRow sameRow = rowsById.get(RowId.of(row));
        if (sameRow != null && !sameRow.majors().contains(version)) {
          sameRow.majors().add(version);
          sameRow.majors().sort(Collections.reverseOrder());
        }
      }
    }
  }

  private Read<Map<String, Object>> read(int version) {
    Read<Map<String, Object>> read =
        ProductRead.ofQuarantine(session, product.toString()).majorVersion(version).asMaps();
    return filter == null ? read : read.where(filter);
  }

  private static WaitingRow row(FoundRow row) {
    Map<String, Object> values = row.values();
    QuarantineReason reason =
        QuarantineReason.parse(value(values, QuarantineTable.REASON).toString());
    return new WaitingRow(
        value(values, QuarantineTable.PUBLISH).toString(),
        (Long) value(values, QuarantineTable.ROW_NUMBER),
        value(values, QuarantineTable.RULES).toString(),
        reason.why(),
        Optional.of(reason.place()).filter(place -> !place.isEmpty()),
        value(values, QuarantineTable.ROW).toString(),
        (Instant) value(values, QuarantineTable.QUARANTINED_AT),
        row.majors());
  }

  private static Object value(Map<String, Object> row, String column) {
    return Objects.requireNonNull(row.get(column));
  }
}
