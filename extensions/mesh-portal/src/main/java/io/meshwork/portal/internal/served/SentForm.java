package io.meshwork.portal.internal.served;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The fields of a form that a browser sent. Immutable. */
final class SentForm {
  /** How browsers send a form without files. */
  static final String TYPE = "application/x-www-form-urlencoded";

  private final Map<String, String> fields = new HashMap<>();

  private SentForm() {}

  /**
   * Reads a form. Of several fields with one name, the first counts.
   *
   * @throws IllegalArgumentException if it is not encoded as browsers do
   */
  static SentForm parse(String body) {
    SentForm form = new SentForm();
    for (String field : body.split("&", -1)) {
      int equals = field.indexOf('=');
      if (equals > 0) {
        form.fields.putIfAbsent(
            decode(field.substring(0, equals)), decode(field.substring(equals + 1)));
      }
    }
    return form;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /** Returns a field without space around it; empty if it was not sent. */
  String get(String name) {
    return fields.getOrDefault(name, "").strip();
  }
}
