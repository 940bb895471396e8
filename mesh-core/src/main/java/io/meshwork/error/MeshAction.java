package io.meshwork.error;

import java.io.Serializable;
import java.util.stream.Stream;

/**
 * What a principal or a background task attempts: a verb and its subject. It names the operation in
 * exceptions, in the audit, and in {@link MeshException#action()}. It never contains field values.
 * Immutable.
 *
 * @param verb what is attempted
 * @param subject what it is attempted on, such as {@code commerce/orders} or {@code the contract of
 *     commerce/orders}; empty if the verb needs none
 */
public record MeshAction(Verb verb, String subject) implements Serializable {
  /** The verbs of all actions. The audit counts denials by {@link #code()}. */
  public enum Verb {
    ABORT("abort"),
    ACCEPT("accept", "offer"),
    ACKNOWLEDGE("acknowledge"),
    ACT("act as"),
    ACTIVATE("activate"),
    BACK_FILL("back-fill"),
    ADD("add"),
    ADMIT("admit"),
    AGREE("agree to", "answer"),
    AMEND("amend"),
    ANNOUNCE("announce"),
    ANSWER("answer"),
    APPOINT("appoint"),
    APPROVE("approve"),
    ARCHIVE("archive"),
    AUTHORIZE("authorize"),
    BACK_UP("back up"),
    CHANGE("change"),
    CHECK("check"),
    CLEAR("clear"),
    CLOSE("close"),
    COMMIT("commit to"),
    COMPACT("compact"),
    COMPUTE("compute"),
    CONFIRM("confirm", "answer"),
    CONTINUE("continue"),
    COPY("copy"),
    COUNT("count"),
    COUNTER("counter", "answer"),
    CREATE("create"),
    DECLARE("declare", "answer"),
    DEFINE("define"),
    DELETE("delete"),
    DELIVER("deliver"),
    DENY("deny"),
    DESCRIBE("describe"),
    DISCARD("discard"),
    DISMISS("dismiss"),
    DIVIDE("divide"),
    END("end"),
    ERASE("erase from"),
    ESCALATE("escalate"),
    EXPIRE("expire"),
    EXPLAIN("explain"),
    EXTEND("extend"),
    FENCE_OFF("fence off"),
    FILTER("filter"),
    FIND("find"),
    FORGET("forget"),
    GRANT("grant"),
    LINK("link"),
    LIST("list"),
    MAINTAIN("maintain"),
    MAKE_CURRENT("make current"),
    MOVE("move"),
    NAME("name"),
    NOTIFY("notify"),
    OBJECT("object to", "answer"),
    OFFER("offer"),
    ONBOARD("onboard files to"),
    OPEN("open"),
    POLL("poll"),
    PREPARE("prepare"),
    PUBLISH("publish to"),
    PURGE("purge"),
    QUERY("query", "ask"),
    READ("read"),
    RECORD("record"),
    REGISTER("register"),
    RELEASE("release", "let"),
    REMIND("remind of"),
    REMOVE("remove"),
    REPAIR("repair"),
    REQUEST("request"),
    RESOLVE("resolve"),
    RESTORE("restore"),
    RESUME("resume"),
    RETAIN("retain", "hold"),
    RETIRE("retire"),
    REVIEW("review"),
    REVOKE("revoke"),
    ROLL_BACK("roll back"),
    ROLL_OUT("roll out"),
    SEEK("seek"),
    SHARE("share with"),
    SHOW("show"),
    STAGE("stage"),
    SUBSCRIBE("subscribe to"),
    SUGGEST("suggest"),
    SUSPEND("suspend"),
    TAG("tag"),
    TRIM("trim"),
    TRY_OUT("try out"),
    UNLINK("unlink"),
    UNSUBSCRIBE("unsubscribe"),
    UPDATE("update"),
    USE("use"),
    VERIFY("verify"),
    WAIT("wait for"),
    WITHDRAW("withdraw"),
    WRITE("write");

    private final String phrase;
    private final String code;

    Verb(String phrase) {
      this(phrase, phrase.split(" ", 2)[0]);
    }

    Verb(String phrase, String code) {
      this.phrase = phrase;
      this.code = code;
    }

    /** The words that precede the subject in a message, such as {@code publish to}. */
    public String phrase() {
      return phrase;
    }

    /**
     * The word under which the audit counts a denial, such as {@code publish} of {@code
     * publish.denied}. It is stored, so it never changes.
     */
    public String code() {
      return code;
    }
  }

  /** Creates an action on the subject. */
  public static MeshAction of(Verb verb, Object subject) {
    return new MeshAction(verb, subject.toString());
  }

  /** Creates an action without a subject; {@link #on} can add one. */
  public static MeshAction of(Verb verb) {
    return new MeshAction(verb, "");
  }

  /** Returns the same action with these words appended to its subject. */
  public MeshAction on(Object words) {
    return new MeshAction(verb, subject.isEmpty() ? words.toString() : subject + " " + words);
  }

  /**
   * Returns the product of the domain that the subject names, as text; the domain if it names none.
   * The audit records a denial under it.
   */
  public String productIn(String domain) {
    return Stream.of(subject.split(" ", -1))
        .filter(word -> word.startsWith(domain + "/"))
        .findFirst()
        .orElse(domain);
  }

  /** Returns the words after "Cannot" in a message, such as {@code publish to commerce/orders}. */
  @Override
  public String toString() {
    return subject.isEmpty() ? verb.phrase() : verb.phrase() + " " + subject;
  }
}
