namespace HyperVDash.Cim.WsMan.SignIn;

/// <summary>Keeps a refused credential from being tried again with each question: domains lock accounts after a few. It lasts no longer than its session.</summary>
internal sealed class SignInMemory(TimeProvider time)
{
    /// <summary>Longer than the questions of one round take to be asked.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    // One reference, because several connections look at it while one of them sets it.
    private volatile Refusal? _refused;

    public void ThrowIfRefused()
    {
        if (_refused is { } refused && time.GetUtcNow() < refused.Until)
        {
            throw new CimException(refused.Error.Kind, refused.Error.Message, refused.Error.Code, refused.Error);
        }
    }

    public CimException Remember(CimException error)
    {
        _refused = new(error, time.GetUtcNow() + Length);
        return error;
    }

    private sealed record Refusal(CimException Error, DateTimeOffset Until);
}
