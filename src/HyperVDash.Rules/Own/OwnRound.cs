namespace HyperVDash.Rules.Own;

/// <summary>What the user's rules may take in one reading of one host, cluster or farm. Rules come one after the other, so one interpreter is open at a time.</summary>
internal sealed class OwnRound
{
    /// <summary>Steps of one rule in one reading.</summary>
    public const int MostSteps = 500_000;

    /// <summary>Time of one rule in one reading.</summary>
    public static readonly TimeSpan MostTime = TimeSpan.FromSeconds(2);

    /// <summary>Time of all rules in one reading: the readings of a host wait for each other.</summary>
    public static readonly TimeSpan MostTimeOfAll = TimeSpan.FromSeconds(8);

    private object? _rule;
    private OwnSandbox? _sandbox;
    private int _steps;
    private TimeSpan _took;
    private TimeSpan _tookOthers;

    /// <summary>Why the rule may not run again in this reading; null: it may.</summary>
    public string? Spent(object rule)
    {
        bool isOpen = ReferenceEquals(_rule, rule);
        var took = _took + (_sandbox?.Took ?? TimeSpan.Zero);
        return _tookOthers + took > MostTimeOfAll ? $"Your own rules took more than {MostTimeOfAll.TotalSeconds:0} s of this reading"
            : isOpen && _steps + (_sandbox?.Steps ?? 0) > MostSteps ? $"The rule took more than {MostSteps} steps in this reading"
            : isOpen && took > MostTime ? $"The rule took more than {MostTime.TotalSeconds:0} s of this reading"
            : null;
    }

    /// <summary>The interpreter of a rule, with the facts that it was given for the object before.</summary>
    public OwnSandbox Of(object rule, Func<OwnSandbox> make)
    {
        if (!ReferenceEquals(_rule, rule))
        {
            _tookOthers += _took + (_sandbox?.Took ?? TimeSpan.Zero);
            (_rule, _sandbox, _steps, _took) = (rule, null, 0, TimeSpan.Zero);
        }
        else if (_sandbox is { IsSpoilt: true } spoilt)
        {
            (_sandbox, _steps, _took) = (null, _steps + spoilt.Steps, _took + spoilt.Took);
        }

        return _sandbox ??= make();
    }
}
