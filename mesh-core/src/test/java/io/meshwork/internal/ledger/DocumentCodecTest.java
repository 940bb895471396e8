package io.meshwork.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DocumentCodecTest {
  private static final Instant AT = Instant.parse("2026-11-01T10:15:30.123456789Z");

  enum Color {
    RED,
    GREEN
  }

  record Address(String root, Optional<Integer> floor) {}

  record View(String rights, Optional<String> filter) {}

  record Distance(long meters) {
    @JsonCreator
    static Distance of(String text) {
      return new Distance(Long.parseLong(text.replace(" m", "")));
    }

    @JsonValue
    String text() {
      return meters + " m";
    }
  }

  record Limits(SortedMap<Integer, String> byMajor) {
    @JsonCreator
    static Limits of(SortedMap<Integer, String> byMajor) {
      return new Limits(byMajor);
    }

    @JsonValue
    SortedMap<Integer, String> stored() {
      return byMajor;
    }
  }

  record RecordOfSortedSet(SortedSet<LocalDate> days, Limits limits) {}

  record RecordOfAllTypes(
      String text,
      int number,
      long large,
      boolean flag,
      Instant at,
      LocalDate day,
      Period period,
      Duration duration,
      ProductName product,
      ContractVersion version,
      Principal principal,
      Color color,
      Distance distance,
      Address place,
      List<Address> places,
      Set<Color> colors,
      Map<String, List<Long>> numbers,
      Optional<Color> favorite,
      OptionalInt count,
      OptionalLong total,
      OptionalDouble share) {}

  record AnnotatedRecord(
      @JsonProperty("contractVersion") String version,
      @JsonUnwrapped Address place,
      @JsonUnwrapped Optional<View> view,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) long turns) {}

  @Test
  void aRecordIsReadAsItWasWritten() {
    RecordOfAllTypes everything =
        new RecordOfAllTypes(
            "é",
            7,
            1L << 40,
            true,
            AT,
            LocalDate.of(2026, 2, 28),
            Period.ofDays(30),
            Duration.ofMinutes(5),
            ProductName.of("sales/orders"),
            ContractVersion.parse("1.2.3"),
            Principal.of("111122223333", "etl"),
            Color.GREEN,
            new Distance(12),
            new Address("a", Optional.of(2)),
            List.of(new Address("b", Optional.empty())),
            Set.of(Color.GREEN, Color.RED),
            Map.of("b", List.of(1L, 2L), "a", List.of(3L)),
            Optional.of(Color.RED),
            OptionalInt.of(3),
            OptionalLong.of(4),
            OptionalDouble.of(0.5));

    ObjectNode json = DocumentCodec.of(RecordOfAllTypes.class).write(everything);

    assertThat(json)
        .hasToString(
            "{'text':'é','number':7,'large':1099511627776,'flag':true,".replace('\'', '"')
                + ("'at':'2026-11-01T10:15:30.123456789Z','day':'2026-02-28','period':'P30D',"
                        + "'duration':'PT5M','product':'sales/orders','version':'1.2.3',"
                        + "'principal':'111122223333/etl','color':'GREEN','distance':'12 m',"
                        + "'place':{'root':'a','floor':2},'places':[{'root':'b'}],"
                        + "'colors':['RED','GREEN'],'numbers':{'a':[3],'b':[1,2]},"
                        + "'favorite':'RED','count':3,'total':4,'share':0.5}")
                    .replace('\'', '"'));
    assertThat(DocumentCodec.of(RecordOfAllTypes.class).read(json)).isEqualTo(everything);
  }

  @Test
  void emptyComponentsHaveNoField() {
    AnnotatedRecord renamed =
        new AnnotatedRecord("1.0.0", new Address("a", Optional.empty()), Optional.empty(), 0);

    ObjectNode json = DocumentCodec.of(AnnotatedRecord.class).write(renamed);

    assertThat(json).hasToString("{\"contractVersion\":\"1.0.0\",\"root\":\"a\"}");
    assertThat(DocumentCodec.of(AnnotatedRecord.class).read(json)).isEqualTo(renamed);
  }

  @Test
  void aValueThatIsStoredAsAnEmptyOneHasNoField() {
    RecordOfSortedSet sorted = new RecordOfSortedSet(new TreeSet<>(), new Limits(new TreeMap<>()));

    assertThat(DocumentCodec.toJson(sorted)).isEmpty();
    assertThat(DocumentCodec.of(RecordOfSortedSet.class).read(DocumentJson.create()))
        .isEqualTo(sorted);
  }

  @Test
  void sortedCollectionsAreReadAsSuch() {
    RecordOfSortedSet sorted =
        new RecordOfSortedSet(
            new TreeSet<>(Set.of(LocalDate.of(2026, 2, 28), LocalDate.of(2026, 1, 1))),
            new Limits(new TreeMap<>(Map.of(10, "b", 2, "a"))));

    assertThat(DocumentCodec.of(RecordOfSortedSet.class).read(DocumentCodec.toJson(sorted)))
        .isEqualTo(sorted);
  }

  @Test
  void aFieldThatTheRecordDoesNotHaveIsKept() {
    ObjectNode stored =
        DocumentJson.parseObject(
            "a document",
            "{\"format\":1,\"rights\":\"r\",\"filter\":\"f\",\"turns\":3,\"later\":true}");
    AnnotatedRecord renamed =
        new AnnotatedRecord("1.0.0", new Address("a", Optional.of(1)), Optional.empty(), 0);
    VersionedDocument existing =
        new VersionedDocument(new Registry.Key("partition", "sort"), stored, "v1");

    ObjectNode json = DocumentCodec.of(AnnotatedRecord.class).write(renamed, Optional.of(existing));

    assertThat(json)
        .hasToString(
            "{\"format\":1,\"later\":true,\"contractVersion\":\"1.0.0\",\"root\":\"a\",\"floor\":1}");
    assertThat(stored.has("turns")).isTrue();
  }

  @Test
  void aComponentMayBeTheDocument() {
    record RecordWithDocument(String name, VersionedDocument stored) {}
    VersionedDocument stored =
        new VersionedDocument(
            new Registry.Key("partition", "sort"),
            DocumentJson.parseObject("a document", "{\"name\":\"a\"}"),
            "v1");

    RecordWithDocument named = DocumentCodec.of(RecordWithDocument.class).read(stored);

    assertThat(named.stored()).isSameAs(stored);
    assertThat(DocumentCodec.toJson(named)).hasToString("{\"name\":\"a\"}");
  }

  @Test
  void anUnwrappedRecordIsPresentIfOneOfItsFieldsIs() {
    ObjectNode json = DocumentJson.parseObject("a document", "{\"rights\":\"r\"}");

    assertThat(DocumentCodec.of(AnnotatedRecord.class).read(json).view())
        .contains(new View("r", Optional.empty()));
  }

  @Test
  void aMissingFieldIsEmpty() {
    assertThat(DocumentCodec.of(Address.class).read(DocumentJson.create()))
        .isEqualTo(new Address("", Optional.empty()));
  }

  @Test
  void aValueThatIsNotOneThrowsWhatItsParserThrows() {
    record Times(Instant at) {}
    record Products(ProductName product) {}
    ObjectNode json =
        DocumentJson.parseObject("a document", "{\"at\":\"today\",\"product\":\"orders\"}");

    assertThatExceptionOfType(DateTimeException.class)
        .isThrownBy(() -> DocumentCodec.of(Times.class).read(json));
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> DocumentCodec.of(Products.class).read(json));
  }

  record Painted(Color color) {}

  @Test
  void aConstantOfALaterVersionIsRefusedWithTheNameOfTheDocument() {
    ObjectNode json = DocumentJson.create().put("color", "BLUE");
    VersionedDocument stored =
        new VersionedDocument(new Registry.Key("sales/orders", "paint"), json, "1");

    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(() -> DocumentCodec.of(Painted.class).read(stored))
        .withMessageContainingAll("sales/orders", "paint", "value 'BLUE'", "newer")
        .matches(refused -> refused.errorCode() == ErrorCode.REGISTRY_VERSION);
  }
}
