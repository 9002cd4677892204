namespace HyperVDash.Web.Fleet;

/// <summary>A virtual actor that looks at several hosts together: a moment after one of them changed, and again when an answer changes by time alone.</summary>
internal abstract class ExaminingGrain(TimeProvider time) : Grain
{
    // Every host changes every few seconds, and one change means a look at all of them.
    private readonly ExaminationPace _pace = new(TimeSpan.FromSeconds(5), time);
    private IGrainTimer? _timer;

    /// <summary>Looks, and sets the next instant at which an answer can change.</summary>
    protected abstract void Examine(DateTimeOffset now);

    /// <summary>Looks now, whatever changed.</summary>
    public Task Reexamine()
    {
        _timer?.Dispose();
        Look();
        return Task.CompletedTask;
    }

    // Not at once: the host that tells must not wait for what its peers mean for it.
    protected void SetSoon()
    {
        if (_pace.Change() is { } wait)
        {
            Set(wait);
        }
    }

    protected void Set(TimeSpan due)
    {
        _timer?.Dispose();
        _timer = this.RegisterGrainTimer(
            _ =>
            {
                Look();
                return Task.CompletedTask;
            },
            Alarm.In(due));
    }

    private void Look()
    {
        _pace.Looked();
        Examine(time.GetUtcNow());
    }
}
