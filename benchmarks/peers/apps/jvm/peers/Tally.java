package peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** What a pass has counted; one for the process, for Flink carries functions to their threads by serializing them. */
final class Tally {
    static volatile Tally current;

    final AtomicLong duplicates = new AtomicLong();
    final AtomicLong invalid = new AtomicLong();
    /** Counts by `campaign|kind|minute`. */
    final Map<String, Long> cells = new ConcurrentHashMap<>();
    final Map<String, Double> people = new ConcurrentHashMap<>();
    final CountDownLatch done = new CountDownLatch(1);
    private final AtomicLong passed = new AtomicLong();
    private volatile boolean begun;
    private final Task task;

    Tally(Task task) {
        this.task = task;
        current = this;
    }

    /** Notices the first record that is read. */
    void read() {
        if (!begun) {
            begun = true;
            say("begun");
        }
    }

    /** Notices the last record that is counted or dropped. */
    void pass() {
        if (passed.incrementAndGet() == task.records()) {
            say("done");
            done.countDown();
        }
    }

    void add(String campaign, long minute, long[] counts) {
        for (int kind = 0; kind < counts.length; kind++) {
            if (counts[kind] > 0) {
                cells.put(campaign + "|" + Event.KINDS[kind] + "|" + minute, counts[kind]);
            }
        }
    }

    void write() throws IOException {
        StringBuilder text = new StringBuilder("{\"cells\":");
        append(text, cells).append(",\"people\":");
        append(text, people).append(",\"duplicates\":").append(duplicates);
        text.append(",\"invalid\":").append(invalid).append('}');
        Files.writeString(Path.of(task.result()), text);
    }

    private void say(String what) {
        if (!task.warming()) {
            System.out.println(what);
        }
    }

    private static StringBuilder append(StringBuilder text, Map<String, ? extends Number> numbers) {
        String before = "{";
        for (Map.Entry<String, ? extends Number> entry : numbers.entrySet()) {
            text.append(before).append('"').append(entry.getKey()).append("\":").append(entry.getValue());
            before = ",";
        }
        return text.append(numbers.isEmpty() ? "{}" : "}");
    }
}
