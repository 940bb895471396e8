package io.meshwork.contract;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.product.Classification;
import java.time.Duration;
import java.time.Period;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** All parts of a contract; each {@code with} method copies all but one. */
record ContractTerms(
    Schema schema,
    List<Rule> rules,
    OnViolation onViolation,
    double maxQuarantineShare,
    String description,
    Map<String, String> columnDescriptions,
    Classification classification,
    Map<String, Classification> columnClassifications,
    @Nullable Duration freshWithin,
    Period noticePeriod,
    Compatibility compatibility,
    ObjectNode unknown) {
  ContractTerms {
    rules = List.copyOf(rules);
    columnDescriptions = Collections.unmodifiableMap(new TreeMap<>(columnDescriptions));
    columnClassifications = Collections.unmodifiableMap(new TreeMap<>(columnClassifications));
    unknown = unknown.deepCopy();
  }

  static ContractTerms of(Schema schema) {
    return new ContractTerms(
        schema,
        List.of(),
        OnViolation.REJECT,
        Contract.DEFAULT_MAX_QUARANTINE_SHARE,
        "",
        Map.of(),
        Classification.INTERNAL,
        Map.of(),
        null,
        Period.ofDays(30),
        Compatibility.FULL_TRANSITIVE,
        CanonicalJson.object());
  }

  ContractTerms withRules(List<Rule> value) {
    return new ContractTerms(
        schema,
        value,
        onViolation,
        maxQuarantineShare,
        description,
        columnDescriptions,
        classification,
        columnClassifications,
        freshWithin,
        noticePeriod,
        compatibility,
        unknown);
  }

  ContractTerms withOnViolation(OnViolation value) {
    return new ContractTerms(
        schema,
        rules,
        value,
        maxQuarantineShare,
        description,
        columnDescriptions,
        classification,
        columnClassifications,
        freshWithin,
        noticePeriod,
        compatibility,
        unknown);
  }

  ContractTerms withMaxQuarantineShare(double value) {
    return new ContractTerms(
        schema,
        rules,
        onViolation,
        value,
        description,
        columnDescriptions,
        classification,
        columnClassifications,
        freshWithin,
        noticePeriod,
        compatibility,
        unknown);
  }

  ContractTerms withDescription(String value) {
    return new ContractTerms(
        schema,
        rules,
        onViolation,
        maxQuarantineShare,
        value,
        columnDescriptions,
        classification,
        columnClassifications,
        freshWithin,
        noticePeriod,
        compatibility,
        unknown);
  }

  ContractTerms withColumnDescriptions(Map<String, String> value) {
    return new ContractTerms(
        schema,
        rules,
        onViolation,
        maxQuarantineShare,
        description,
        value,
        classification,
        columnClassifications,
        freshWithin,
        noticePeriod,
        compatibility,
        unknown);
  }

  ContractTerms withClassification(Classification value) {
    return new ContractTerms(
        schema,
        rules,
        onViolation,
        maxQuarantineShare,
        description,
        columnDescriptions,
        value,
        columnClassifications,
        freshWithin,
        noticePeriod,
        compatibility,
        unknown);
  }

  ContractTerms withColumnClassifications(Map<String, Classification> value) {
    return new ContractTerms(
        schema,
        rules,
        onViolation,
        maxQuarantineShare,
        description,
        columnDescriptions,
        classification,
        value,
        freshWithin,
        noticePeriod,
        compatibility,
        unknown);
  }

  ContractTerms withFreshWithin(Duration value) {
    return new ContractTerms(
        schema,
        rules,
        onViolation,
        maxQuarantineShare,
        description,
        columnDescriptions,
        classification,
        columnClassifications,
        value,
        noticePeriod,
        compatibility,
        unknown);
  }

  ContractTerms withNoticePeriod(Period value) {
    return new ContractTerms(
        schema,
        rules,
        onViolation,
        maxQuarantineShare,
        description,
        columnDescriptions,
        classification,
        columnClassifications,
        freshWithin,
        value,
        compatibility,
        unknown);
  }

  ContractTerms withCompatibility(Compatibility value) {
    return new ContractTerms(
        schema,
        rules,
        onViolation,
        maxQuarantineShare,
        description,
        columnDescriptions,
        classification,
        columnClassifications,
        freshWithin,
        noticePeriod,
        value,
        unknown);
  }

  ContractTerms withUnknown(ObjectNode value) {
    return new ContractTerms(
        schema,
        rules,
        onViolation,
        maxQuarantineShare,
        description,
        columnDescriptions,
        classification,
        columnClassifications,
        freshWithin,
        noticePeriod,
        compatibility,
        value);
  }
}
