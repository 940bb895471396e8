package io.meshwork.internal.conformance.input;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import java.util.ArrayList;
import java.util.List;

/** Collects bad inputs. */
final class BadInputTable {
  private final List<BadInput> rows = new ArrayList<>();

  List<BadInput> rows() {
    return List.copyOf(rows);
  }

  void add(BadInput row) {
    rows.add(row);
  }

  void add(
      String number,
      String what,
      Class<? extends MeshException> kind,
      ErrorCode code,
      List<String> expected,
      BadInput.Attempt attempt) {
    add(BadInput.of(number, what, kind, code, expected, attempt));
  }

  void argument(String number, String what, List<String> expected, BadInput.Attempt attempt) {
    add(number, what, InvalidRequestException.class, ErrorCode.INVALID_ARGUMENT, expected, attempt);
  }
}
