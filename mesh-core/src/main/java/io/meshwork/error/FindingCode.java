package io.meshwork.error;

/**
 * The code of a {@link Finding}: what a contract check, a plan, a publish, a diagnosis, or a rule
 * of access found. {@link #meaning()} returns what a code means, and {@link #area()} where it is
 * found. Codes are stored by name, as in quality reports, so the meaning of a name never changes. A
 * new release can add codes: a {@code switch} needs a default.
 */
public enum FindingCode {
  TYPE_UNION(Area.SCHEMA, "A union is not a type with null, so a column cannot have it."),
  TYPE_NULL(Area.SCHEMA, "A column has the type null, which has no values."),
  TYPE_RECURSIVE(Area.SCHEMA, "A record contains itself, directly or through another record."),
  TYPE_EMPTY_RECORD(Area.SCHEMA, "A record has no fields."),
  TYPE_LOGICAL(
      Area.SCHEMA,
      "A logical type is unknown, is not on its underlying type, or is beside the type, where"
          + " Avro ignores it."),
  TYPE_MAP_KEY(
      Area.SCHEMA, "A map of the table has keys that are not text, which Avro cannot describe."),
  TYPE_UNKNOWN(
      Area.SCHEMA,
      "A type is missing, is not an Avro type, or names a type that is not defined before."),
  TYPE_UNSUPPORTED(Area.SCHEMA, "A column of the table has a type that Avro cannot describe."),
  COMPONENT_UNSUPPORTED(
      Area.SCHEMA, "A component of a Java record has a type that a column cannot have."),
  NAME_ILLEGAL(Area.SCHEMA, "A name does not follow the naming rules."),
  NAME_DUPLICATE(Area.SCHEMA, "A name is used twice where it must be unique."),
  NOT_A_RECORD(Area.SCHEMA, "The top level of the schema is not a record."),
  TEXT_MALFORMED(
      Area.SCHEMA, "A name, default, or description in the schema is not well-formed Unicode."),
  DOCUMENT_INVALID(Area.SCHEMA, "An element of a document is not as its standard says."),
  SCHEMA_TOO_LARGE(Area.SCHEMA, "The schema nests too deeply, or has too many leaf columns."),
  DEFAULT_ILLEGAL(Area.SCHEMA, "A default is not a value of its type."),
  FORMAT_V3_REQUIRED(
      Area.SCHEMA, "A column needs table format version 3, and the table has an older version."),
  CLASS_LOADING_REFUSED(Area.SCHEMA, "A schema has a property that names a Java class to load."),
  TABLE_CANNOT_STORE(
      Area.SCHEMA, "The table cannot be changed in place to store the changed column."),
  UNKNOWN_COLUMN(Area.SCHEMA, "A column, field, or component is not a column of the product."),

  RULE_INVALID(Area.RULE, "A rule is not valid, or does not fit the columns that it names."),
  RULE_DUPLICATE(
      Area.RULE,
      "Two rules have the same ID, or a rule has the ID that is reserved for the primary key."),
  RULE_NOT_EVALUATED(Area.RULE, "A rule on another product cannot be evaluated at present."),
  PRIMARY_KEY_INVALID(Area.RULE, "A column cannot be part of the primary key."),

  IDENTICAL(Area.CONTRACT_CHANGE, "The contracts do not differ."),
  TYPE_REFUSED(Area.CONTRACT_CHANGE, "A schema is not valid, so the columns were not compared."),
  NAME_CHANGED(Area.CONTRACT_CHANGE, "The name of a record, enum, or fixed type changed."),
  SILENT_MISREAD(
      Area.CONTRACT_CHANGE, "Readers can read both schemas, but values change their meaning."),
  CONSUMER_BREAK(Area.CONTRACT_CHANGE, "Readers with the old schema cannot read new rows."),
  HISTORY_UNREADABLE(Area.CONTRACT_CHANGE, "Readers with the new schema cannot read old rows."),
  SILENT_LOSS(
      Area.CONTRACT_CHANGE, "Readers can read both schemas, but a default replaces values."),
  WIDENING_OLD_READER(
      Area.CONTRACT_CHANGE,
      "Decimals can have more digits than readers with the old schema support."),
  FIELD_ADDED_COMPAT(
      Area.CONTRACT_CHANGE,
      "A field was added, which old readers skip and which its default fills in old rows."),
  ENUM_FOLDED(
      Area.CONTRACT_CHANGE,
      "A symbol was added, which old readers read as the default of their enum."),
  NAMESPACE_CHANGED(Area.CONTRACT_CHANGE, "Only the namespace of a named type changed."),
  ENUM_DEFAULT(Area.CONTRACT_CHANGE, "The default of an enum was added, changed, or removed."),
  DEFAULT_CHANGED(Area.CONTRACT_CHANGE, "The default of a field was added, changed, or removed."),
  ORDER_ONLY(
      Area.CONTRACT_CHANGE,
      "Only the order of fields, symbols, or union branches, or the sort order, changed."),
  ALIAS_ONLY(Area.CONTRACT_CHANGE, "Only aliases changed."),
  PROPERTY_ONLY(Area.CONTRACT_CHANGE, "Only properties without a meaning in Avro changed."),
  DOC_ONLY(Area.CONTRACT_CHANGE, "Only documentation changed."),
  RULE_ADDED(Area.CONTRACT_CHANGE, "A rule was added."),
  RULE_REMOVED(
      Area.CONTRACT_CHANGE,
      "A rule was removed, so values can appear that the old contract excluded."),
  RULE_TIGHTENED(Area.CONTRACT_CHANGE, "A rule excludes more values, or is now enforced."),
  RULE_WEAKENED(Area.CONTRACT_CHANGE, "A rule excludes fewer values, or now only warns."),
  RULE_REWORDED(
      Area.CONTRACT_CHANGE,
      "A rule has another text, or another rule covers it; the same values are excluded."),
  WARNING_RULE_CHANGED(
      Area.CONTRACT_CHANGE, "A rule that only warns was added, changed, or removed."),
  FRESHNESS_TIGHTENED(Area.CONTRACT_CHANGE, "The contract promises fresher data."),
  FRESHNESS_WEAKENED(Area.CONTRACT_CHANGE, "The contract promises less fresh data."),
  SERVICE_LEVEL_RAISED(Area.CONTRACT_CHANGE, "The contract promises a better service level."),
  SERVICE_LEVEL_LOWERED(
      Area.CONTRACT_CHANGE, "The contract promises a lower service level, or another one."),
  PURPOSES_WIDENED(Area.CONTRACT_CHANGE, "The contract allows purposes that it did not."),
  PURPOSES_NARROWED(Area.CONTRACT_CHANGE, "The contract does not allow some of its purposes."),
  PRICE_CHANGED(Area.CONTRACT_CHANGE, "The price of the product changed."),
  CONTACTS_CHANGED(Area.CONTRACT_CHANGE, "The contacts of the product changed."),
  NOTICE_LENGTHENED(Area.CONTRACT_CHANGE, "The notice period is longer."),
  NOTICE_SHORTENED(Area.CONTRACT_CHANGE, "The notice period can be shorter."),
  CLASSIFICATION_LOWERED(
      Area.CONTRACT_CHANGE, "The classification of the product or of a column is lower."),
  CLASSIFICATION_RAISED(
      Area.CONTRACT_CHANGE, "The classification of the product or of a column is higher."),
  FOUR_EYES_ADDED(Area.CONTRACT_CHANGE, "Requests for access now require two approvals."),
  FOUR_EYES_REMOVED(Area.CONTRACT_CHANGE, "Requests for access now require one approval."),
  VIOLATION_POLICY_CHANGED(Area.CONTRACT_CHANGE, "What happens to rows that break rules changed."),
  COMPATIBILITY_MODE_CHANGED(Area.CONTRACT_CHANGE, "The compatibility mode changed."),
  DESCRIPTION_CHANGED(Area.CONTRACT_CHANGE, "A description changed."),
  OTHER_PART_CHANGED(
      Area.CONTRACT_CHANGE,
      "Another part of the contract changed, or its text is written differently."),

  PRODUCT_DIFFERS(Area.AMENDMENT, "The product exists already, with other attributes."),
  CONTRACT_FROZEN(
      Area.AMENDMENT,
      "The compatibility mode DISABLED allows no change of the contract except of the mode."),
  PARTITION_COLUMN(
      Area.AMENDMENT,
      "The table is partitioned by a column, so it cannot be dropped, or listed or excluded in"
          + " a grant."),
  TABLE_FAILS_RULE(
      Area.AMENDMENT, "Rows of the table break a rule that the amendment adds or tightens."),
  ACTIVE_SUBSCRIPTIONS(
      Area.AMENDMENT,
      "The change is possible only without subscriptions, and the product has some."),
  COLUMN_IN_USE_BY_RIGHTS(
      Area.AMENDMENT, "Grants, authorizations, or tags refer to a column that would be dropped."),
  COLUMNS_WITHHELD(
      Area.AMENDMENT,
      "A grant does not cover columns that are more sensitive than when it was created."),
  OPEN_AND_SENSITIVE(
      Area.AMENDMENT,
      "The product is open to the mesh, and its classification is too high for that."),
  DECLASSIFICATION_UNCONFIRMED(
      Area.AMENDMENT, "The contract lowers a classification, and the call does not accept it."),
  FOUR_EYES_DROP_UNCONFIRMED(
      Area.AMENDMENT, "The contract drops the second approval, and the call does not accept it."),
  PURPOSES_WIDENING_UNCONFIRMED(
      Area.AMENDMENT, "The contract allows more purposes, and the call does not accept it."),
  REASON_MISSING(Area.AMENDMENT, "The request or the reduction of protection has no reason."),
  NOT_DECIDER(Area.AMENDMENT, "Only a decider of the domain can reduce protection."),
  SECOND_DECIDER(
      Area.AMENDMENT,
      "A second decider must commit, or committed, the same reduction of protection."),
  PROTECTION_RETAINED(
      Area.AMENDMENT, "The contract would reduce protection; the current protection stays."),
  PROTECTION_SHARED(
      Area.AMENDMENT,
      "The protection also rises in another major version, which has the same rows."),
  PURPOSES_DISJOINT(
      Area.AMENDMENT, "Major versions that have the same rows would allow no common purpose."),
  TERMS_RETAINED(
      Area.AMENDMENT,
      "The contract has terms from before or after an announced amendment; the current ones stay."),

  LINE_MALFORMED(Area.ROW, "A line of a text file is not a row."),
  FOLDER_DATE_IMPOSSIBLE(
      Area.ROW, "Names of folders have dates that do not exist, so that their column is a text."),
  FOLDER_UNREADABLE(Area.ROW, "A folder cannot be read, so no new file of it is registered."),
  FILE_REFUSED(Area.ROW, "A file does not meet the requirements for registration in place."),
  RULE_FAILED(Area.ROW, "Rows break a rule, or it could not be evaluated."),
  REQUIRED_NULL(Area.ROW, "A required value is null."),
  TYPE_MISMATCH(
      Area.ROW, "A value or its Java type is not compatible with the type of the column."),
  ENUM_MEMBER(Area.ROW, "A value is not a symbol of the enum."),
  DECIMAL_SCALE(Area.ROW, "A decimal has more fractional digits than the column allows."),
  DECIMAL_PRECISION(Area.ROW, "A decimal has more integer digits than the column allows."),
  TIME_PRECISION(Area.ROW, "A time or timestamp is finer than the unit of the column."),
  TIMESTAMP_RANGE(Area.ROW, "A date, time, or timestamp is out of the range of the column."),
  STRING_ENCODING(Area.ROW, "A text is not well-formed Unicode."),
  FIXED_LENGTH(Area.ROW, "The length of a value differs from the fixed length of the column."),
  MAP_KEY_NULL(Area.ROW, "A map has a null key."),
  MAP_KEY_DUPLICATE(Area.ROW, "Two keys of a map are equal."),
  VALUE_TOO_LARGE(Area.ROW, "A value exceeds the maximum size."),
  PARTITION_RANGE(Area.ROW, "A value is out of range for the partition of its column."),
  NESTED_VALUES_UNVERIFIED(
      Area.ROW, "Statistics of files do not prove that nested values conform to their types."),
  ROW_UNMAPPED(Area.ROW, "The mapping to another major version does not map a row."),
  QUARANTINE_KEPT(Area.ROW, "Quarantined rows cannot be published again, and stay."),
  ROWS_OUTSIDE_FILTER(Area.ROW, "Rows do not match the filter of the rows to replace."),
  ROWS_FAIL_RULE(Area.ROW, "Rows that would be restored, copied, or back-filled break a rule."),
  INPUT_COLUMN_MISSING(Area.ROW, "The input has no field for a required column without a default."),
  AMBIGUOUS_COLUMN(
      Area.ROW, "A field matches more than one column, or two fields match the same one."),
  DUPLICATE_COLUMN(Area.ROW, "Two components of a record map to the same column."),
  ENUM_SYMBOLS_UNSUPPORTED(
      Area.ROW, "The enum of the row type does not have all symbols of the column."),
  NULL_UNSUPPORTED(Area.ROW, "A column can be null, and the row type cannot store null."),
  UNRECOGNIZED_CODE(
      Area.ROW,
      "A newer release of Meshwork recorded a finding whose code this release does not know."),

  UNKNOWN_RULE(Area.FILTER, "A filter names a rule ID that the quarantine does not have."),
  FILTER_SYNTAX(
      Area.FILTER, "A filter is not a combination of comparisons of columns with constants."),
  FILTER_TOO_LONG(Area.FILTER, "A filter is too long."),
  FILTER_COLUMN_TO_COLUMN(Area.FILTER, "A filter compares two columns."),
  FILTER_FUNCTION(Area.FILTER, "A filter calls a function."),
  FILTER_TYPE_MISMATCH(Area.FILTER, "A constant of a filter is not a value of its column's type."),
  FILTER_UNSUPPORTED_TYPE(Area.FILTER, "A filter uses a column whose type it cannot compare."),
  FILTER_NULL_ON_PARTITION(Area.FILTER, "A filter tests a partition column for null."),
  FILTER_NESTED_PARTITION(Area.FILTER, "A filter uses a field of a partition column."),
  FILTER_RESERVED_COLUMN(Area.FILTER, "A filter uses a column whose name databases reserve."),

  ARGUMENT_MISSING(Area.ACCESS, "A required part of the request is missing."),
  ACCOUNT_UNKNOWN(Area.ACCESS, "The account acts for no domain of the mesh."),
  ALREADY_READABLE(Area.ACCESS, "The requester can already read some of the columns."),
  AUTHORIZATION_ENDED(
      Area.ACCESS, "An authorization has ended or was withdrawn, or would end in the past."),
  AUTHORIZATION_TOO_BROAD(
      Area.ACCESS,
      "The authorization allows grants on every product of the domain to any consumer."),
  CONDITION_REVEALS(
      Area.ACCESS,
      "The condition of a grant names columns that its account may not read, that are withheld, or"
          + " that no version has, so the grant gives nothing."),
  DELEGATION_FORBIDDEN(Area.ACCESS, "The authorization cannot be delegated."),
  DEPENDENT_GRANT_STAYS(Area.ACCESS, "A grant that was passed on from a revoked one stays."),
  EXECUTOR_GRANT_STAYS(
      Area.ACCESS, "A grant that was created under the withdrawn authorization stays."),
  EXECUTOR_IS_CONSUMER(
      Area.ACCESS,
      "An executor cannot grant to itself under an authorization that does not name it as a"
          + " consumer."),
  REQUEST_NOT_ALLOWED(
      Area.ACCESS,
      "The grant cannot refer to a request: only a grant of a product, with an authorization"
          + " for the request, can."),
  TWO_APPROVALS_REQUIRED(Area.ACCESS, "The contract requires two approvals of a request."),
  EXCEEDS_AUTHORIZATION(Area.ACCESS, "The grant exceeds what the owner authorized."),
  NO_GRANT_OPTION(
      Area.ACCESS, "The account gets access without the grant option, so its roles get none."),
  NO_AUTHORIZATION(Area.ACCESS, "No authorization of the owner allows this."),
  PERMISSION_WITHOUT_EFFECT(
      Area.ACCESS, "A permission has no effect, because only accounts of the domain can use it."),
  NO_END_DATE(Area.ACCESS, "The request has no end."),
  OTHER_CONSUMER(Area.ACCESS, "The authorized grant is for the requester only."),
  OTHER_REQUEST(
      Area.ACCESS,
      "The authorization or grant is for another request, or for another version of it."),
  OWNER_ONLY(Area.ACCESS, "Only the owner can create a grant on a whole domain."),
  OWNER_READS_ALREADY(
      Area.ACCESS, "The grantee acts for the domain, so it can read everything already."),
  OWN_ACCOUNT(Area.ACCESS, "The grantee is the owner's own account, which has every right."),
  SENSITIVE_DATA(Area.ACCESS, "The grant or request is for sensitive data."),
  STANDING_WITH_CONSUMERS(
      Area.ACCESS,
      "The authorization allows any consumer, but names consumers, tags, or a request too."),
  TAG_UNDEFINED(Area.ACCESS, "A tag or one of its values is not defined."),
  TAG_VALUES_REMAIN(Area.ACCESS, "The tag keeps values that the new definition does not name."),
  TOO_MANY_TAGS(Area.ACCESS, "The resource would have too many tags."),
  PRODUCT_UNTAGGED(Area.ACCESS, "A product is not included, because it does not have the tags."),
  WHOLE_DOMAIN(
      Area.ACCESS,
      "The grant includes every product of the domain, and each one that is defined later."),
  CHANGE_REVERSED(
      Area.ACCESS,
      "The change has no effect, because another change of the same plan reverses it."),
  NOTHING_TO_REMOVE(Area.ACCESS, "What the call removes does not exist."),
  NOT_GRANTABLE(
      Area.ACCESS,
      "The grantor neither acts for the owner nor has the permission with grant option."),
  NOT_AUTHORIZED(Area.ACCESS, "The grantor is a read-only administrator."),
  NOT_APPLICABLE(Area.ACCESS, "A permission does not apply to the resource."),
  GRANTABLE_NOT_SUBSET(
      Area.ACCESS, "The grant option covers permissions that the grant does not have."),
  UNKNOWN_RESOURCE(Area.ACCESS, "The resource does not exist."),
  EXPRESSION_TOO_LARGE(Area.ACCESS, "An expression of tags has too many bytes."),
  EXPRESSION_MISMATCH(Area.ACCESS, "The grantor can pass on grants by other tags only."),
  TAG_DESCRIBE_REQUIRED(Area.ACCESS, "The grantor cannot see all tags of the expression."),
  COLUMNS_NOT_SUBSET(Area.ACCESS, "The grantor cannot pass on all of the columns."),
  FULL_SELECT_REQUIRED(
      Area.ACCESS,
      "The grantor can pass on SELECT for some rows or columns only, and the grant covers more."),
  EXCLUDE_WITH_GRANT_OPTION(
      Area.ACCESS, "A grant that excludes columns cannot have the grant option."),
  PARTIAL_SELECT_CONFLICT(
      Area.ACCESS,
      "The grantee has a grant on the whole product and would have one on a list of columns, or"
          + " the reverse."),
  TOO_MANY_ROW_GRANTS(
      Area.ACCESS, "The grantee has the maximum number of grants on rows of the product."),
  RESHARE_FORBIDDEN(
      Area.ACCESS,
      "Only the owner shares with other accounts; a recipient passes a grant on within its"
          + " account."),
  NOT_SHAREABLE(
      Area.ACCESS, "The permission or the resource cannot be shared with another account."),
  LINK_NOT_SHAREABLE(Area.ACCESS, "A resource link cannot be shared with another account."),
  VERSION_REQUIRED(
      Area.ACCESS, "The catalog's cross-account version does not support the grantee."),
  IAP_PRESENT(Area.ACCESS, "IAM controls the resource, so it cannot be shared."),
  TAG_ON_LINK(Area.ACCESS, "A resource link cannot have tags."),
  TAG_ACCOUNT(Area.ACCESS, "The tag belongs to another account than the resource."),
  MULTIPLE_VALUES(Area.ACCESS, "A resource has one value of each tag."),
  TAG_LENGTH(Area.ACCESS, "The key or value of a tag is too long."),
  ASSOCIATE_REQUIRED(Area.ACCESS, "The principal cannot set this tag."),
  RESOURCE_PERMISSION_REQUIRED(
      Area.ACCESS,
      "The principal does not have all permissions on the resource that setting tags requires."),

  VERSION_LACKS_COLUMN(
      Area.CONSUMER,
      "The major version that a subscription moves to does not have a column that it reads."),
  PARTLY_READABLE(Area.CONSUMER, "The linking domain can read only part of the link's target."),
  NOT_READABLE(Area.CONSUMER, "The linking domain cannot read the link's target."),
  LINK_BEHIND(
      Area.CONSUMER, "A link that follows its target must be moved to the newest major version."),
  LINK_DAMAGED(Area.CONSUMER, "A link, or its target, cannot be read."),
  LINK_DANGLING(Area.CONSUMER, "The target of a link does not exist or is not readable."),
  LINK_NAME_TAKEN(
      Area.CONSUMER, "A domain that was registered after the link has a database with its name."),
  POSITION_WITHOUT_SUBSCRIPTION(
      Area.CONSUMER, "A reading position belongs to a subscription that does not exist."),
  USAGE_WITHOUT_SUBSCRIPTION(
      Area.CONSUMER, "A record of use belongs to a subscription that does not exist."),
  HOLD_EXPIRED(
      Area.CONSUMER,
      "A read that retained a snapshot should have finished; the snapshot is no longer retained."),
  READER_STATE_DAMAGED(
      Area.CONSUMER,
      "A reading position or a hold cannot be read, so maintenance expires no snapshot that its"
          + " readers may need."),

  MAPPING_REQUIRED(Area.ROLLOUT, "Publishes to both major versions need a mapping."),
  COLUMN_NULLABLE(
      Area.ROLLOUT, "A column that is required in one major version can be null in the other."),
  COLUMN_DROPPED(
      Area.ROLLOUT, "A column of the older major version does not exist in the newer one."),
  COLUMN_ADDED(
      Area.ROLLOUT,
      "A required column without a default does not exist in the older major version."),
  COLUMN_TYPE_DIFFERS(
      Area.ROLLOUT, "A column cannot store the values of the other major version without loss."),
  ENUM_SYMBOLS_MISSING(
      Area.ROLLOUT, "An enum does not have all symbols of the other major version."),
  PARTITION_INVALID(Area.ROLLOUT, "A partition does not fit its column."),
  RENAMING_UNKNOWN(
      Area.ROLLOUT,
      "A renaming names a column that does not exist, or two columns get the same name."),
  ROWS_LEFT_OUT(
      Area.ROLLOUT, "A rollout leaves rows out, so a third major version cannot be in use."),
  NOTHING_CHANGES(Area.ROLLOUT, "The new contract is the same as the current one."),
  AMENDMENT_SUFFICES(Area.ROLLOUT, "The change is compatible, so it needs no new major version."),
  CHANGES_WITHOUT_NOTICE(Area.ROLLOUT, "The contract also has changes that need no notice."),
  NO_SUBSCRIPTIONS(
      Area.ROLLOUT,
      "The product has no subscriptions, so the contract can be amended without a notice."),
  NEW_MAJOR_NEEDED(
      Area.ROLLOUT,
      "The contract does more than weaken promises, so it needs a new major version."),
  PROTECTION_REDUCED(Area.ROLLOUT, "The contract of a new major version reduces protection."),
  READS_SUSPENDED(
      Area.ROLLOUT, "A major version opens while its owner suspends reads of the product."),
  RIGHT_MISSING(
      Area.ROLLOUT,
      "A principal that reads the current major version would read nothing of the new one."),
  DOWNSTREAM_INCOMPLETE(
      Area.ROLLOUT,
      "The newest log entries of a product do not show what it derives from; older entries were"
          + " not searched."),
  RULE_LOSES_COLUMNS(
      Area.ROLLOUT,
      "A rule of another product refers to columns that the new major version does not have."),
  ROLLOUT_OPEN(Area.ROLLOUT, "Another rollout replaces the same major version."),
  ROLLOUT_STATE(Area.ROLLOUT, "The state of the rollout does not allow the step."),
  TOO_MANY_MAJORS(Area.ROLLOUT, "The product would have too many major versions that are read."),
  CONTACT_MISSING(Area.ROLLOUT, "A consumer has no contact for notices."),
  DATE_WITHIN_NOTICE(Area.ROLLOUT, "The date is before the end of the notice period."),
  DATE_PAST(Area.ROLLOUT, "The date has passed."),
  DATE_EARLIER(Area.ROLLOUT, "The date is before one that was proposed or agreed."),
  DATE_NOT_REACHED(Area.ROLLOUT, "The date of a consumer has not been reached."),
  NOTICE_RUNNING(Area.ROLLOUT, "The notice period has not ended."),
  HISTORY_MISSING(Area.ROLLOUT, "The old major version has rows that the new one does not have."),
  HISTORY_QUARANTINED(
      Area.ROLLOUT, "Rows of the history break the new contract and are in its quarantine."),
  VERSIONS_APART(Area.ROLLOUT, "Rows were published to one of the two major versions only."),
  ROWS_DIFFER(Area.ROLLOUT, "The rows of two major versions differ."),
  CONSUMERS_DIFFER(
      Area.ROLLOUT, "The request names other consumers than the retirement overrides."),
  CONSUMER_NOT_RELEASED(Area.ROLLOUT, "A consumer still needs the old major version."),
  CONSUMER_RELEASED(Area.ROLLOUT, "The rollout does not wait for the consumer."),
  CONSUMER_ACTIVE(Area.ROLLOUT, "The consumer was active too recently to continue without it."),
  NOT_ANNOUNCED(Area.ROLLOUT, "The consumers of the major version were not notified."),
  EARLIEST_RETIREMENT(
      Area.ROLLOUT, "The first day on which the answers of the consumers allow the step."),
  FORCE_NOT_NEEDED(
      Area.ROLLOUT, "No consumer still needs the old major version, so force is not needed."),
  STEWARD_MISSING(
      Area.ROLLOUT, "No steward of another domain is appointed who could approve the request."),
  APPROVAL_MISSING(Area.ROLLOUT, "No steward approved the request."),
  APPROVAL_BY_OWNER(Area.ROLLOUT, "The steward that approved belongs to the domain that asks."),
  MAJOR_IN_USE(Area.ROLLOUT, "A consumer or a later rollout uses the new major version."),
  OLDER_MAJOR_IN_USE(Area.ROLLOUT, "An older major version is still in use."),
  OTHER_MAJOR_IN_USE(Area.ROLLOUT, "The product cannot end while another major version is in use."),
  OLD_MAJOR_BEHIND(
      Area.ROLLOUT,
      "The old major version does not have the rows that were published after its retirement."),
  ROWS_WITHDRAWN(Area.ROLLOUT, "The rows of the new major version are withdrawn with it."),
  SUCCESSOR_NOT_ACTIVE(Area.ROLLOUT, "The product that replaces this one is not active."),
  SUCCESSOR_RETIRED(
      Area.ROLLOUT, "The new major version is retired, so the old one cannot be restored."),
  PRODUCT_ENDS(Area.ROLLOUT, "The product ends with this major version."),
  UNDO_WINDOW_OPEN(Area.ROLLOUT, "The retirement can still be undone."),
  UNDO_WINDOW_OVER(Area.ROLLOUT, "The retirement can no longer be undone."),
  RETENTION_RUNNING(Area.ROLLOUT, "The retention period of the data has not ended."),
  LEGAL_HOLD(Area.ROLLOUT, "A legal hold retains the data."),

  LOG_MISSING(Area.LOG, "A log does not exist, but other documents refer to its product."),
  LOG_REMOVED(Area.LOG, "A log that a checkpoint recorded does not exist."),
  LOG_REWRITTEN(
      Area.LOG, "An entry differs from the checkpoint, so it or an earlier one was rewritten."),
  LOG_CUT(Area.LOG, "Entries are missing at the end of a log."),
  LOG_ENTRY_MISSING(Area.LOG, "Entries are missing within a log."),
  LOG_ENTRY_EDITED(Area.LOG, "The content of an entry was changed."),
  LOG_ENTRY_INSERTED(Area.LOG, "An entry was inserted."),
  LOG_ENTRY_MOVED(Area.LOG, "An entry is under the key of another one."),
  LOG_HEAD_WRONG(Area.LOG, "The head of a log does not match its entries."),
  LOG_CHAIN_BROKEN(Area.LOG, "An entry does not match the ones before."),
  LOG_TIME_BACK(Area.LOG, "An entry is older than the one before."),
  LOG_AHEAD(Area.LOG, "The newest entries of a log have a future time."),

  DOCUMENT_MISSING(
      Area.MESH, "A document that the log or files of tables refer to does not exist."),
  DOCUMENT_INSERTED(Area.MESH, "A document exists that the log does not have."),
  INDEX_DIFFERS(
      Area.MESH, "A document of the index differs from the documents that it derives from."),
  DOCUMENT_EDITED(Area.MESH, "A document differs from the last one in the log."),
  ACCOUNT_UNMAPPED(
      Area.MESH, "An account has no name in the place that the mesh is to be moved to."),
  ACCOUNT_NAME_TAKEN(
      Area.MESH, "The new name of an account is another account's name in the mesh to be moved."),
  CATALOG_UNMAPPED(
      Area.MESH,
      "A catalog has no account for its registry in the place that the mesh is to be moved to."),
  CATALOG_ACCOUNT_TAKEN(
      Area.MESH, "The account for a catalog's registry is also planned for another catalog."),
  PLACE_UNMAPPED(
      Area.MESH, "A place of data has no root in the place that the mesh is to be moved to."),
  ARCHIVE_MISSING(Area.MESH, "An archived segment of a log is missing or cannot be read."),
  ARCHIVE_CHANGED(
      Area.MESH, "An archived segment of a log does not have the digest that the log recorded."),
  ARCHIVE_DIFFERS(Area.MESH, "The entries of a log differ from the archived ones."),
  ARCHIVE_UNKNOWN(
      Area.MESH, "A file is named after a segment of a log that the log does not have."),
  METADATA_MISSING(Area.MESH, "Metadata of a table is missing or damaged."),
  TABLE_MISSING(Area.MESH, "Files of a table exist, but the registry has no pointer to it."),
  TABLE_DIFFERS(Area.MESH, "The pointer of a table and its metadata do not agree."),
  REGISTRY_BEHIND(
      Area.MESH, "The registry is older than the files of a table, as after a restore."),
  FILE_MISSING(Area.MESH, "A file that a retained snapshot references does not exist."),
  FILE_CHANGED(Area.MESH, "A file is damaged, or its length differs from when it was published."),
  FILE_NAME_DIFFERS(
      Area.MESH,
      "The name of a file or its folder differs in case from the name that the table has, so copies"
          + " cannot be read where case matters."),
  FOLDER_LINKED(
      Area.MESH,
      "A link leads to a folder inside the mesh's folder; reads follow it, backups do not."),
  FILE_OUTSIDE_TABLE(Area.MESH, "Retained snapshots reference files outside the table's folder."),
  FILE_REFERENCED_TWICE(
      Area.MESH,
      "A snapshot references a file more than once, so its rows are read more than once."),
  FILE_REGISTERED_BEFORE(
      Area.MESH,
      "A file of another program has the content of one that was registered under another name."),
  ERASED_ROWS(Area.MESH, "Files of a snapshot, branch, or tag contain rows that were erased."),
  ROWS_BREAK_CONTRACT(
      Area.MESH, "Rows that a rollback restored break rules of the current contract."),
  LEFTOVER_FILES(
      Area.MESH,
      "Processes of this mesh left files that nothing references; maintenance deletes them."),
  UNKNOWN_FILES(
      Area.MESH,
      "Files exist that nothing references and that maintenance keeps, because this mesh is not"
          + " known to have written them or because they may be needed."),
  ERASURE_BLOCKED(
      Area.MESH, "A reader, a branch, a mirror, or a rollout needs a snapshot with erased rows."),
  ERASURE_OUT_OF_REACH(Area.MESH, "Files that the mesh does not delete may contain erased rows."),
  TOO_MANY_LEFTOVERS(
      Area.MESH,
      "More files belong to no retained snapshot than maintenance removes without a confirmation."),
  FILES_NOT_DELETED(Area.MESH, "Unused files could not be deleted."),
  REFERENCES_UNCERTAIN(
      Area.MESH,
      "Maintenance could not determine which files are still referenced, so it removed none."),
  DAMAGE_SKIPPED(Area.MESH, "Maintenance skipped something that is damaged."),
  MAINTENANCE_FAILED(
      Area.MESH,
      "The maintenance of one table, log, or domain failed; other maintenance continued."),
  OPERATED_ELSEWHERE(Area.MESH, "Another process operates the mesh, so this one did nothing."),
  WORK_LEFT(Area.MESH, "A run ended before all was done; the next run continues."),
  METRICS_LEFT_OUT(
      Area.MESH,
      "Metrics do not count some publishes, which were too old for the monitoring service."),
  EXAMINATION_FAILED(Area.MESH, "The examination of a table failed; other tables were examined."),
  CATALOG_UNAVAILABLE(Area.MESH, "The registry of a catalog is not available."),
  PLACE_NOT_LISTED(Area.MESH, "The files of a place of data cannot be listed."),
  FOREIGN_FOLDER(
      Area.MESH, "A place has a folder of tables of a domain that does not keep its data there."),
  DATA_IN_GOVERNANCE(
      Area.MESH, "A domain with a place of its data has tables below the root of the mesh."),
  PLACE_OF_OTHER_ACCOUNT(
      Area.MESH, "The place of a domain's data is in an account that does not act for the domain."),
  CLOCK_WRONG(Area.MESH, "The clock of this host differs from the time of the store."),

  MIRROR_MISSING(Area.MIRROR, "An object that the mesh made is missing in a service."),
  MIRROR_CHANGED(Area.MIRROR, "Another program changed an object that the mesh made in a service."),
  MIRROR_FOREIGN(
      Area.MIRROR,
      "A service has an object that the mesh did not make; it stays unless it is taken over."),
  MIRROR_OVERDUE(Area.MIRROR, "A service shows an earlier state of the mesh for too long."),
  MIRROR_SUPERFLUOUS(
      Area.MIRROR, "A service still has an object that the mesh made and does not need now."),
  MIRROR_UNREACHABLE(
      Area.MIRROR,
      "This process cannot act as the role that reads and changes a service, or as its readers."),
  MIRROR_FAILED(Area.MIRROR, "An object of a service could not be changed; others were."),
  MIRROR_BLOCKED(
      Area.MIRROR,
      "Objects of a service wait for another, such as tables for their database, or for a mirror"
          + " that fails."),
  MIRROR_UNCERTAIN(
      Area.MIRROR, "What a service should show cannot be determined, so it is not changed."),
  MIRROR_UNREADABLE(
      Area.MIRROR, "A reader does not get from a service what the mesh grants and shows it there."),
  OPEN_FILES_WITHHELD(
      Area.MIRROR,
      "A product is open to the mesh, but its files contain or may contain columns that are not."),
  OPEN_DOMAIN_UNKNOWN(
      Area.MIRROR, "The configuration opens the files of a domain that the mesh does not have."),
  SHARE_REFUSED(
      Area.MIRROR, "An invitation to what another account shares was rejected, or has expired."),
  MIRROR_LIMIT(
      Area.MIRROR, "An object exceeds a limit of a service, which therefore does not show it."),
  SCHEMA_REJECTED(
      Area.MIRROR, "A schema registry does not accept the schema of a contract version."),
  RULES_NOT_MIRRORED(
      Area.MIRROR, "A service cannot evaluate some rules of a contract as the mesh does."),
  DRIFT_FOREIGN_WRITE(
      Area.MIRROR, "A service names metadata of a table that the mesh did not write."),
  COLUMN_CASE(
      Area.MIRROR, "The names of two columns differ only in case, which a service cannot show."),

  STACK_DRIFTED(Area.ACCOUNT, "A resource of an account differs from its stack."),
  STACK_FAILED(Area.ACCOUNT, "A stack of an account could not be changed."),
  ROLE_NOT_PROVEN(
      Area.ACCOUNT, "A role of an account could not be assumed, or could not read what it is for."),

  NOTICE_WAITING(Area.NOTICE, "Notices wait to be made and delivered."),
  NOTICE_NOT_MADE(
      Area.NOTICE, "The notices of an event cannot be made; later notices of its log wait."),
  NOTICE_FAILING(Area.NOTICE, "A notice failed and is retried; later notices wait."),
  NOTICE_PARKED(Area.NOTICE, "A notice failed too often and is not retried."),
  NOTICE_POSITION_DAMAGED(Area.NOTICE, "The positions of notifiers cannot be read.");

  /** The part of Meshwork that reports a code. */
  public enum Area {
    /** Schemas and columns. */
    SCHEMA("Schemas and columns"),
    /** Rules and keys of a contract. */
    RULE("Rules and keys of a contract"),
    /** Changes of a contract. */
    CONTRACT_CHANGE("Changes of a contract"),
    /** Definitions and amendments. */
    AMENDMENT("Definitions and amendments"),
    /** Rows and row types. */
    ROW("Rows and row types"),
    /** Filters. */
    FILTER("Filters"),
    /** Grants, tags, and authorizations. */
    ACCESS("Grants, tags, and authorizations"),
    /** Subscriptions, links, and readers. */
    CONSUMER("Subscriptions, links, and readers"),
    /** Rollouts and mappings. */
    ROLLOUT("Rollouts and mappings"),
    /** Logs. */
    LOG("Logs"),
    /** Diagnosis and maintenance. */
    MESH("Diagnosis and maintenance"),
    /** Mirrors of a mesh in other services. */
    MIRROR("Mirrors"),
    /** Accounts of a mesh on AWS. */
    ACCOUNT("Accounts"),
    /** Notices. */
    NOTICE("Notices");

    private final String title;

    Area(String title) {
      this.title = title;
    }

    /** Returns the area in words, for headings. */
    public String title() {
      return title;
    }
  }

  private final Area area;
  private final String meaning;

  FindingCode(Area area, String meaning) {
    this.area = area;
    this.meaning = meaning;
  }

  /** Returns the part of Meshwork that reports the code. */
  public Area area() {
    return area;
  }

  /** Returns the meaning, in one sentence without field values. */
  public String meaning() {
    return meaning;
  }
}
