// A window like IB Gateway's, as far as a screen shows it. The argument is its title; each line on stdin is the title of
// a dialog to open over it. A line on stdout says that the window is drawn, or the dialog open. It ends with stdin.
// What is done to it is written to the file `used` of the layout.
import java.awt.AWTEvent;
import java.awt.Color;
import java.awt.Component;
import java.awt.EventQueue;
import java.awt.Graphics;
import java.awt.GridLayout;
import java.awt.Toolkit;
import java.awt.event.KeyEvent;
import java.awt.event.MouseEvent;
import java.awt.event.WindowAdapter;
import java.awt.event.WindowEvent;
import java.io.BufferedReader;
import java.io.FileWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import javax.swing.JDialog;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.JPasswordField;
import javax.swing.JTextField;

class Window {
    public static void main(String[] arguments) throws Exception {
        Toolkit.getDefaultToolkit().addAWTEventListener(
            Window::note, AWTEvent.MOUSE_EVENT_MASK | AWTEvent.KEY_EVENT_MASK);
        EventQueue.invokeAndWait(() -> openFrame(arguments[0]));
        BufferedReader titles = new BufferedReader(new InputStreamReader(System.in));
        for (String title; (title = titles.readLine()) != null;) {
            String asked = title;
            EventQueue.invokeAndWait(() -> openDialog(asked));
        }
        System.exit(0);
    }

    private static void note(AWTEvent event) {
        if (event.getID() != MouseEvent.MOUSE_PRESSED && event.getID() != KeyEvent.KEY_TYPED) {
            return;
        }
        try (FileWriter file = new FileWriter(System.getProperty("layout") + "/used", true)) {
            file.write(event.getID() == KeyEvent.KEY_TYPED ? "key\n" : "pointer\n");
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private static void openFrame(String title) {
        JFrame frame = new JFrame(title);
        frame.setLayout(new GridLayout(0, 1));
        for (Component part : new Component[] {drawn(title), new JTextField(), new JPasswordField()}) {
            frame.add(part);
        }
        frame.setSize(400, 200);
        frame.setVisible(true);
    }

    private static void openDialog(String title) {
        // Not modal: the one that asked would wait.
        JDialog dialog = new JDialog((JFrame) null, title, false);
        JLabel words = new JLabel(title);
        words.setOpaque(true);
        words.setBackground(Color.ORANGE);
        dialog.add(words);
        dialog.setSize(300, 100);
        dialog.setLocation(50, 50);
        // IBC hears of a dialog when it opens, before it is drawn.
        dialog.addWindowListener(new WindowAdapter() {
            @Override
            public void windowOpened(WindowEvent event) {
                System.out.println("shown");
            }
        });
        dialog.setVisible(true);
    }

    private static JLabel drawn(String title) {
        return new JLabel(title) {
            private boolean isDrawn;

            @Override
            protected void paintComponent(Graphics graphics) {
                super.paintComponent(graphics);
                if (!isDrawn) {
                    isDrawn = true;
                    // The other parts are drawn in the same turn.
                    EventQueue.invokeLater(() -> {
                        Toolkit.getDefaultToolkit().sync();
                        System.out.println("shown");
                    });
                }
            }
        };
    }
}
