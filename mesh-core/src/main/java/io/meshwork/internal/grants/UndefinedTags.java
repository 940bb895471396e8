package io.meshwork.internal.grants;

import io.meshwork.internal.text.NearestName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The tags and values that a domain does not define. Immutable.
 *
 * @param reason what is not defined
 * @param fix the nearest defined names, and how to define others
 */
record UndefinedTags(String reason, String fix) {
  /**
   * Compares tags with the tags that a domain defines.
   *
   * @param vocabulary the defined tags with their values
   * @param used the used tags with their values
   */
  static UndefinedTags of(
      String domain, Map<String, List<String>> vocabulary, Map<String, List<String>> used) {
    List<String> reasons = new ArrayList<>();
    StringBuilder questions = new StringBuilder();
    used.forEach(
        (key, values) -> {
          List<String> defined = vocabulary.get(key);
          if (defined == null) {
            reasons.add("domain '" + domain + "' defines no tag '" + key + "'");
            questions.append(NearestName.question(List.of(key), vocabulary.keySet()));
            return;
          }
          List<String> unknown = values.stream().filter(each -> !defined.contains(each)).toList();
          if (!unknown.isEmpty()) {
            reasons.add(
                "tag '"
                    + key
                    + "' of domain '"
                    + domain
                    + "' has no value '"
                    + String.join("', '", unknown)
                    + "'; its values are "
                    + defined);
            questions.append(NearestName.question(unknown, defined));
          }
        });
    return new UndefinedTags(
        reasons.isEmpty()
            ? "domain '" + domain + "' does not define one of the tags or values"
            : String.join(", and ", reasons),
        questions + "Define a new tag or value with governance().defineTag(..).");
  }
}
