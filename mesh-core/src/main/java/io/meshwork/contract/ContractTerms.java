package io.meshwork.contract;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.product.Classification;
import java.time.Period;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.avro.Schema;

/**
 * The parts of a contract; each {@code with} method returns a copy with another value of one part.
 * Unknown parts are in a stored contract that another version of Meshwork wrote. Copies share the
 * trees of the extensions and the unknown parts, which are never modified.
 */
record ContractTerms(
    Schema schema,
    List<String> primaryKey,
    List<Rule> rules,
    OnViolation onViolation,
    double maxQuarantineShare,
    String description,
    Map<String, String> columnDescriptions,
    Classification classification,
    Map<String, Classification> columnClassifications,
    ServiceLevel serviceLevel,
    SortedSet<String> purposes,
    ContractInformation information,
    Period noticePeriod,
    Compatibility compatibility,
    boolean fourEyes,
    Set<Contract.Engine> readers,
    ObjectNode extensions,
    ObjectNode unknown) {
  ContractTerms {
    primaryKey = List.copyOf(primaryKey);
    rules = List.copyOf(rules);
    columnDescriptions = Collections.unmodifiableMap(new TreeMap<>(columnDescriptions));
    columnClassifications = Collections.unmodifiableMap(new TreeMap<>(columnClassifications));
    readers = Collections.unmodifiableSet(new TreeSet<>(readers));
  }

  static ContractTerms of(Schema schema) {
    return new ContractTerms(
        schema,
        List.of(),
        List.of(),
        OnViolation.REJECT,
        Contract.DEFAULT_MAX_QUARANTINE_SHARE,
        "",
        Map.of(),
        Classification.INTERNAL,
        Map.of(),
        ServiceLevel.NONE,
        Collections.emptySortedSet(),
        ContractInformation.NONE,
        Period.ofDays(30),
        Compatibility.FULL_TRANSITIVE,
        false,
        Set.of(),
        CanonicalJson.object(),
        CanonicalJson.object());
  }

  ContractTerms withSchema(Schema value) {
    return copyWith(copy -> copy.schema = value);
  }

  ContractTerms withPrimaryKey(List<String> value) {
    return copyWith(copy -> copy.primaryKey = value);
  }

  ContractTerms withRules(List<Rule> value) {
    return copyWith(copy -> copy.rules = value);
  }

  ContractTerms withOnViolation(OnViolation value) {
    return copyWith(copy -> copy.onViolation = value);
  }

  ContractTerms withMaxQuarantineShare(double value) {
    return copyWith(copy -> copy.maxQuarantineShare = value);
  }

  ContractTerms withDescription(String value) {
    return copyWith(copy -> copy.description = value);
  }

  ContractTerms withColumnDescriptions(Map<String, String> value) {
    return copyWith(copy -> copy.columnDescriptions = value);
  }

  ContractTerms withClassification(Classification value) {
    return copyWith(copy -> copy.classification = value);
  }

  ContractTerms withColumnClassifications(Map<String, Classification> value) {
    return copyWith(copy -> copy.columnClassifications = value);
  }

  ContractTerms withServiceLevel(ServiceLevel value) {
    return copyWith(copy -> copy.serviceLevel = value);
  }

  ContractTerms withPurposes(SortedSet<String> value) {
    return copyWith(copy -> copy.purposes = value);
  }

  ContractTerms withInformation(ContractInformation value) {
    return copyWith(copy -> copy.information = value);
  }

  ContractTerms withNoticePeriod(Period value) {
    return copyWith(copy -> copy.noticePeriod = value);
  }

  ContractTerms withCompatibility(Compatibility value) {
    return copyWith(copy -> copy.compatibility = value);
  }

  ContractTerms withFourEyes(boolean value) {
    return copyWith(copy -> copy.fourEyes = value);
  }

  ContractTerms withReaders(Set<Contract.Engine> value) {
    return copyWith(copy -> copy.readers = value);
  }

  ContractTerms withExtensions(ObjectNode value) {
    return copyWith(copy -> copy.extensions = value.deepCopy());
  }

  ContractTerms withUnknown(ObjectNode value) {
    return copyWith(copy -> copy.unknown = value.deepCopy());
  }

  private ContractTerms copyWith(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return copy.terms();
  }

  /** A mutable copy of the parts. */
  private static final class Copy {
    private Schema schema;
    private List<String> primaryKey;
    private List<Rule> rules;
    private OnViolation onViolation;
    private double maxQuarantineShare;
    private String description;
    private Map<String, String> columnDescriptions;
    private Classification classification;
    private Map<String, Classification> columnClassifications;
    private ServiceLevel serviceLevel;
    private SortedSet<String> purposes;
    private ContractInformation information;
    private Period noticePeriod;
    private Compatibility compatibility;
    private boolean fourEyes;
    private Set<Contract.Engine> readers;
    private ObjectNode extensions;
    private ObjectNode unknown;

    Copy(ContractTerms terms) {
      schema = terms.schema;
      primaryKey = terms.primaryKey;
      rules = terms.rules;
      onViolation = terms.onViolation;
      maxQuarantineShare = terms.maxQuarantineShare;
      description = terms.description;
      columnDescriptions = terms.columnDescriptions;
      classification = terms.classification;
      columnClassifications = terms.columnClassifications;
      serviceLevel = terms.serviceLevel;
      purposes = terms.purposes;
      information = terms.information;
      noticePeriod = terms.noticePeriod;
      compatibility = terms.compatibility;
      fourEyes = terms.fourEyes;
      readers = terms.readers;
      extensions = terms.extensions;
      unknown = terms.unknown;
    }

    ContractTerms terms() {
      return new ContractTerms(
          schema,
          primaryKey,
          rules,
          onViolation,
          maxQuarantineShare,
          description,
          columnDescriptions,
          classification,
          columnClassifications,
          serviceLevel,
          purposes,
          information,
          noticePeriod,
          compatibility,
          fourEyes,
          readers,
          extensions,
          unknown);
    }
  }
}
