package io.meshwork.internal.grants;

/** The codes of findings about changes of access. Codes of grant rules are the evaluator's. */
final class FindingCode {
  static final String ACCOUNT_UNKNOWN = "ACCOUNT_UNKNOWN";
  static final String ALREADY_READABLE = "ALREADY_READABLE";
  static final String CARRIED_OUT = "CARRIED_OUT";
  static final String COLUMNS = "COLUMNS";
  static final String DELEGATING = "DELEGATING";
  static final String DEPENDANT = "DEPENDANT";
  static final String ENDED = "ENDED";
  static final String EXECUTOR_GAINS = "EXECUTOR_GAINS";
  static final String FOR_REQUEST = "FOR_REQUEST";
  static final String FOUR_EYES = "FOUR_EYES";
  static final String LIMIT = "LIMIT";
  static final String NOTHING_SAID = "NOTHING_SAID";
  static final String NOT_COVERED = "NOT_COVERED";
  static final String NOT_HANDED_ON = "NOT_HANDED_ON";
  static final String NOT_THERE = "NOT_THERE";
  static final String NO_AUTHORIZATION = "NO_AUTHORIZATION";
  static final String NO_EFFECT = "NO_EFFECT";
  static final String NO_END = "NO_END";
  static final String OTHER_CONSUMER = "OTHER_CONSUMER";
  static final String OTHER_REQUEST = "OTHER_REQUEST";
  static final String OWNER_ALONE = "OWNER_ALONE";
  static final String OWNER_READS_ALREADY = "OWNER_READS_ALREADY";
  static final String OWN_ACCOUNT = "OWN_ACCOUNT";
  static final String RESHARE_FORBIDDEN = "RESHARE_FORBIDDEN";
  static final String SENSITIVE = "SENSITIVE";
  static final String STANDING = "STANDING";
  static final String TAGS = "TAGS";
  static final String TAG_UNDEFINED = "TAG_UNDEFINED";
  static final String UNKNOWN_COLUMN = "UNKNOWN_COLUMN";
  static final String UNTAGGED = "UNTAGGED";
  static final String VALUES_REMAIN = "VALUES_REMAIN";
  static final String WHOLE_DOMAIN = "WHOLE_DOMAIN";
  static final String WIDE = "WIDE";

  private FindingCode() {}

  /** The code as it ends a reason. */
  static String in(String reason, String code) {
    return reason + " (" + code + ")";
  }
}
