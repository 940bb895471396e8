package io.meshwork.internal.compatibility;

import io.meshwork.internal.compatibility.SchemaChange.SafeReaders;
import io.meshwork.internal.compatibility.SchemaChange.SchemaCode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility.Incompatibility;

/**
 * A direction in which Avro's checker does not resolve two schemas, although no break was found by
 * comparing them. Usually the name of a type is the cause; that it changed is reported at its path.
 *
 * @param code CONSUMER_BREAK or HISTORY_UNREADABLE
 * @param reader the schema of the readers
 * @param writer the schema of the rows
 * @param newMajor whether the new schema starts a major version
 */
record UnresolvedDirection(SchemaCode code, Schema reader, Schema writer, boolean newMajor) {
  /**
   * Returns the change to report; empty if renamed fields explain the direction.
   *
   * @param renamed the paths of renamed fields in the reader
   * @param namesChanged whether the name or namespace of a type changed
   */
  Optional<SchemaChange> change(Set<String> renamed, boolean namesChanged) {
    List<Incompatibility> gaps = AvroResolution.gaps(reader, writer);
    List<Incompatibility> others =
        gaps.stream().filter(gap -> !renamed.contains(path(gap))).toList();
    if (!gaps.isEmpty() && others.isEmpty()) {
      return Optional.empty();
    }
    boolean typeNames =
        namesChanged && !others.isEmpty() && others.stream().allMatch(AvroResolution::isOfTypeName);
    return Optional.of(
        typeNames ? change(others, ofTypeName()).ofTypeNames() : change(others, unreadable()));
  }

  private SchemaChange change(List<Incompatibility> gaps, String what) {
    String path = gaps.isEmpty() ? "" : path(gaps.get(0));
    boolean consumers = breaksConsumers();
    return new SchemaChange(
        code,
        path,
        typeNames(gaps, consumers),
        typeNames(gaps, !consumers),
        consumers ? SafeReaders.NEW : SafeReaders.OLD,
        ComparedPath.subject(path) + what + ".",
        SchemaComparison.orNewMajor(newMajor, "Keep the old name"));
  }

  /** Returns the names of the types at the first place, in the reader or in the writer. */
  private String typeNames(List<Incompatibility> gaps, boolean ofReader) {
    Schema whole = ofReader ? reader : writer;
    if (gaps.isEmpty()) {
      return whole.getFullName();
    }
    Incompatibility gap = gaps.get(0);
    Schema type = ofReader ? gap.getReaderFragment() : gap.getWriterFragment();
    return type.isUnion()
        ? type.getTypes().stream().map(Schema::getFullName).collect(Collectors.joining(" or "))
        : type.getFullName();
  }

  private String path(Incompatibility gap) {
    return AvroResolution.path(reader, gap.getLocation());
  }

  private boolean breaksConsumers() {
    return code == SchemaCode.CONSUMER_BREAK;
  }

  private String ofTypeName() {
    return " has a type whose name Avro's decoders do not find in "
        + (breaksConsumers() ? "new rows with the old schema" : "old rows with the new schema");
  }

  private String unreadable() {
    return " cannot be read by " + (breaksConsumers() ? "old readers" : "new readers in old rows");
  }
}
