package io.meshwork.internal.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.compatibility.SchemaChange.SchemaCode;
import io.meshwork.internal.schema.LegalSchema;
import io.meshwork.product.ContractVersion.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.RandomData;
import org.junit.jupiter.api.Test;

/** Compares random schemas and changes with Avro's checker and Avro's decoder. */
class SchemaComparisonPropertyTest {
  private static final long SEED = Long.getLong("meshwork.seed", 20_240_131);
  private static final int PAIRS = Integer.getInteger("meshwork.pairs", 4_000);
  private static final int DEPTH = 4;
  private static final int ROWS = 5;
  private static final int PADDING = 65_536;

  /** Two schemas and the seed that generates them. */
  private record Pair(long seed, String before, String after) {
    @Override
    public String toString() {
      return "seed " + seed + "\n" + before + "\n" + after;
    }
  }

  private static List<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>();
    for (long seed = SEED; seed < SEED + PAIRS; seed++) {
      ChangingSchemas schemas = new ChangingSchemas(seed);
      Random random = new Random(seed);
      ObjectNode before = schemas.schema(1 + random.nextInt(DEPTH));
      ObjectNode after = before;
      for (int change = random.nextInt(4); change >= 0; change--) {
        after = schemas.changed(after);
      }
      pairs.add(new Pair(seed, before.toString(), after.toString()));
    }
    return pairs;
  }

  private static boolean isLegal(String schema) {
    return LegalSchema.findings(schema, LegalSchema.NEWEST_FORMAT).isEmpty();
  }

  @Test
  void directionsMatchAvrosChecker() {
    Set<SchemaCode> reasons = EnumSet.noneOf(SchemaCode.class);
    for (Pair pair : pairs()) {
      SchemaComparison comparison = SchemaComparison.of(pair.before(), pair.after());
      reasons.add(comparison.reason());
      if (!isLegal(pair.before()) || !isLegal(pair.after())) {
        assertThat(comparison.reason()).as("%s", pair).isEqualTo(SchemaCode.TYPE_REFUSED);
        continue;
      }
      Schema before = LegalSchema.parse(pair.before());
      Schema after = LegalSchema.parse(pair.after());
      boolean forward = checks(before, after);
      boolean backward = checks(after, before);
      assertThat(comparison.forward()).as("forward of %s", pair).isEqualTo(forward);
      assertThat(comparison.backward()).as("backward of %s", pair).isEqualTo(backward);
      assertThat(
              comparison.changes().stream()
                  .filter(change -> !forward || !isOfDecoderOnly(change))
                  .anyMatch(change -> change.code() == SchemaCode.CONSUMER_BREAK))
          .as("a break for consumers in %s", pair)
          .isEqualTo(!forward);
      if (!backward) {
        assertThat(has(comparison.changes(), SchemaCode.HISTORY_UNREADABLE))
            .as("a break with history in %s", pair)
            .isTrue();
      }
      assertThat(comparison.verdict() == Verdict.MAJOR)
          .as("major for %s", pair)
          .isEqualTo(!forward || !backward || isLax(comparison));
    }
    assertThat(reasons).as("the reasons met").containsAll(EnumSet.allOf(SchemaCode.class));
  }

  @Test
  void walkFindsThePathOfEveryBreakExceptNames() {
    for (Pair pair : pairs()) {
      if (isLegal(pair.before()) && isLegal(pair.after())) {
        Schema before = LegalSchema.parse(pair.before());
        Schema after = LegalSchema.parse(pair.after());
        boolean forward = checks(before, after);
        boolean backward = checks(after, before);
        List<SchemaChange> changes =
            new SchemaPairs(forward, backward, Map.of(), false).changes(before, after);
        boolean renamed = has(changes, SchemaCode.NAME_CHANGED);
        assertThat(forward || renamed || has(changes, SchemaCode.CONSUMER_BREAK))
            .as("forward of %s", pair)
            .isTrue();
        assertThat(backward || renamed || has(changes, SchemaCode.HISTORY_UNREADABLE))
            .as("backward of %s", pair)
            .isTrue();
      }
    }
  }

  @Test
  void compatibleChangesAreReadInBothDirectionsWithTheSameMeaning() throws IOException {
    Map<Verdict, Integer> met = new EnumMap<>(Verdict.class);
    for (Pair pair : pairs()) {
      SchemaComparison comparison = SchemaComparison.of(pair.before(), pair.after());
      if (comparison.verdict().compareTo(Verdict.MINOR) <= 0) {
        met.merge(comparison.verdict(), 1, Integer::sum);
        Schema before = LegalSchema.parse(pair.before());
        Schema after = LegalSchema.parse(pair.after());
        readsAll(after, before, pair);
        readsAll(before, after, pair);
      }
    }
    assertThat(met).as("verdicts met").containsKeys(Verdict.PATCH, Verdict.MINOR);
    assertThat(met.get(Verdict.PATCH)).isGreaterThan(PAIRS / 50);
    assertThat(met.get(Verdict.MINOR)).isGreaterThan(PAIRS / 50);
  }

  private static boolean checks(Schema reader, Schema writer) {
    try {
      return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType()
          == SchemaCompatibility.SchemaCompatibilityType.COMPATIBLE;
    } catch (AvroRuntimeException e) {
      return false;
    }
  }

  private static boolean has(List<SchemaChange> changes, SchemaCode code) {
    return changes.stream().anyMatch(change -> change.code() == code);
  }

  /**
   * Returns true for changes that Avro's decoder rejects and its checker accepts: full names in
   * unions, some aliases.
   */
  private static boolean isOfDecoderOnly(SchemaChange change) {
    return change.what().contains("full name") || change.what().contains("decoders hide");
  }

  /** Returns true if Meshwork rejects for a table what Avro resolves. */
  private static boolean isLax(SchemaComparison comparison) {
    return comparison.changes().stream()
        .anyMatch(
            change ->
                isOfDecoderOnly(change)
                    || switch (change.code()) {
                      case NAME_CHANGED, SILENT_MISREAD, SILENT_LOSS, WIDENING_OLD_READER -> true;
                      case HISTORY_UNREADABLE -> change.what().contains("fewer digits");
                      default -> false;
                    });
  }

  private static void readsAll(Schema writer, Schema reader, Pair pair) throws IOException {
    sameMeaning(writer, reader, pair);
    for (Object row : new RandomData(writer, ROWS, pair.seed())) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
      new GenericDatumWriter<Object>(writer).write(row, encoder);
      encoder.flush();
      // The decoder's guard against false lengths requires bytes for fields that defaults fill,
      // too.
      bytes.write(new byte[PADDING]);
      Object read =
          new GenericDatumReader<Object>(writer, reader)
              .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
      assertThat(plain(reader, read)).as("%s", pair).isEqualTo(resolved(writer, reader, row));
    }
  }

  /** Checks that columns that both schemas have use the same units. */
  private static void sameMeaning(Schema writer, Schema reader, Pair pair) {
    Schema from = ValueTypes.value(writer);
    Schema to = ValueTypes.value(reader);
    assertThat(from.getType()).as("%s", pair).isEqualTo(to.getType());
    assertThat(from.getLogicalType()).as("%s", pair).isEqualTo(to.getLogicalType());
    switch (from.getType()) {
      case RECORD -> {
        for (Schema.Field field : from.getFields()) {
          if (to.getField(field.name()) != null) {
            sameMeaning(field.schema(), to.getField(field.name()).schema(), pair);
          }
        }
      }
      case ARRAY -> sameMeaning(from.getElementType(), to.getElementType(), pair);
      case MAP -> sameMeaning(from.getValueType(), to.getValueType(), pair);
      default -> {
        // a primitive type has no parts to compare
      }
    }
  }

  /** Returns a value as plain Java, independent of the schema of its classes. */
  private static Object plain(Schema schema, Object value) {
    return resolved(schema, schema, value);
  }

  /** Returns the expected value for a reader, resolved independently. */
  private static Object resolved(Schema writer, Schema reader, Object value) {
    if (value == null) {
      return null;
    }
    Schema from = ValueTypes.value(writer);
    Schema to = ValueTypes.value(reader);
    return switch (to.getType()) {
      case RECORD -> {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (Schema.Field field : to.getFields()) {
          Schema.Field source = from.getField(field.name());
          fields.put(
              field.name(),
              source == null
                  ? plain(field.schema(), GenericData.get().getDefaultValue(field))
                  : resolved(
                      source.schema(), field.schema(), ((IndexedRecord) value).get(source.pos())));
        }
        yield fields;
      }
      case ARRAY -> {
        List<Object> elements = new ArrayList<>();
        for (Object element : (Iterable<?>) value) {
          elements.add(resolved(from.getElementType(), to.getElementType(), element));
        }
        yield elements;
      }
      case MAP -> {
        Map<String, Object> entries = new LinkedHashMap<>();
        ((Map<?, ?>) value)
            .forEach(
                (key, entry) ->
                    entries.put(
                        key.toString(), resolved(from.getValueType(), to.getValueType(), entry)));
        yield entries;
      }
      case ENUM -> {
        String symbol = value.toString();
        yield to.hasEnumSymbol(symbol) ? symbol : to.getEnumDefault();
      }
      case STRING -> value.toString();
      case FIXED -> ByteBuffer.wrap(((GenericData.Fixed) value).bytes());
      default -> value;
    };
  }
}
