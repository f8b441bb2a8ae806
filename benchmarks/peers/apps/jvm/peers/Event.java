package peers;

/** What is needed of an event; of a record that is none, the kind is negative. A POJO, as Flink wants it. */
public class Event {
    public static final String[] KINDS = {"impression", "click", "engagement", "conversion"};

    public int kind = -1;
    public String id = "";
    public String campaign = "";
    /** Whom an impression reached; empty where nobody may be known. */
    public String person = "";
    /** Milliseconds. */
    public long time;

    public boolean isValid() {
        return kind >= 0;
    }

    public long minute() {
        return time / 60_000;
    }
}
