namespace HyperVDash.Web.Fleet.History;

/// <summary>One measure over the last hour, a place for each quarter of a minute. What was not told is not a number.</summary>
internal sealed class CounterRing
{
    public const int Places = 240;

    public static readonly TimeSpan Place = TimeSpan.FromSeconds(15);

    private readonly float[] _values = Filled();

    public long Last { get; private set; } = long.MinValue;

    public static long PlaceOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / (long)Place.TotalSeconds;

    /// <summary>An instant before the newest is passed over, e.g. from a second agent.</summary>
    public void Note(DateTimeOffset at, double value)
    {
        long place = PlaceOf(at);
        if (place < Last)
        {
            return;
        }

        for (long skipped = Math.Max(Last + 1, place - Places + 1); skipped < place; skipped++)
        {
            _values[skipped % Places] = float.NaN;
        }

        _values[place % Places] = (float)value;
        Last = place;
    }

    /// <summary>Oldest first, the newest place at the end.</summary>
    public float[] Until(DateTimeOffset now)
    {
        var values = Filled();
        long end = PlaceOf(now);
        for (int i = 0; i < Places; i++)
        {
            long place = end - Places + 1 + i;
            if (place <= Last && place > Last - Places && place >= 0)
            {
                values[i] = _values[place % Places];
            }
        }

        return values;
    }

    private static float[] Filled()
    {
        var values = new float[Places];
        Array.Fill(values, float.NaN);
        return values;
    }
}
