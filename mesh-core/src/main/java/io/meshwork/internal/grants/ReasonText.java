package io.meshwork.internal.grants;

import io.meshwork.error.FindingCode;

/** The text of a reason that ends with its code. */
final class ReasonText {
  private ReasonText() {}

  static String of(String reason, FindingCode code) {
    return reason + " (" + code + ")";
  }
}
